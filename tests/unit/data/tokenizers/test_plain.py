from pathlib import Path

import pytest
from tokenizers import Tokenizer as Backend
from tokenizers import decoders, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast

from isogloss.core import InputError
from isogloss.data import load_plain_tokenizer


def byte_tokenizer(folder: Path, **special: str) -> None:
    """Write a tokenizer with a piece for each byte, and one for `ab`."""
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    names = [*letters, "ab", *dict.fromkeys(special.values())]
    backend = Backend(models.BPE({name: i for i, name in enumerate(names)}, [("a", "b")]))
    backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    backend.decoder = decoders.ByteLevel()
    PreTrainedTokenizerFast(tokenizer_object=backend, **special).save_pretrained(folder)


def test_text_is_only_text_and_every_byte_has_a_piece(tmp_path: Path) -> None:
    byte_tokenizer(tmp_path, eos_token="</s>")
    read = load_plain_tokenizer(tmp_path)
    [ids, plain, hindi] = read.encode(["</s>", "ab b", "हि"])
    assert read.start_id == 257 and read.start_id not in ids
    assert (len(ids), len(plain), len(hindi)) == (4, 3, 6)
    assert read.unknown_id is None


def test_the_beginning_goes_before_the_end(tmp_path: Path) -> None:
    byte_tokenizer(tmp_path, eos_token="</s>", bos_token="<s>", unk_token="<unk>")
    read = load_plain_tokenizer(tmp_path)
    assert (read.start_id, read.unknown_id) == (258, 259)
    other = tmp_path / "other"
    byte_tokenizer(other, eos_token="</s>")
    assert load_plain_tokenizer(other).fingerprint != read.fingerprint


def test_what_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="a fast tokenizer"):
        load_plain_tokenizer(tmp_path)
    byte_tokenizer(tmp_path)
    with pytest.raises(InputError, match="without a token for beginning or end"):
        load_plain_tokenizer(tmp_path)
