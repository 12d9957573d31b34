from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer as Backend
from tokenizers import models, normalizers, pre_tokenizers
from transformers import PreTrainedTokenizerFast

from isogloss.core import InputError, Language
from isogloss.data.tokenizers import Tokenizer, load_tokenizer
from isogloss.data.tokenizers.tokenizer import encode_stream

SPECIAL = {"cls_token": "[CLS]", "sep_token": "[SEP]", "pad_token": "[PAD]", "mask_token": "[MASK]"}


def saved(folder: Path, backend: Backend, **tokens: str) -> Path:
    PreTrainedTokenizerFast(tokenizer_object=backend, **tokens).save_pretrained(folder)
    return folder


def word_piece() -> Backend:
    names = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "cat", "##s", "the", "."]
    backend = Backend(
        models.WordPiece({name: index for index, name in enumerate(names)}, unk_token="[UNK]")
    )
    backend.normalizer = normalizers.BertNormalizer(lowercase=True, strip_accents=False)
    backend.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return backend


def byte_level(*, add_prefix_space: bool) -> Backend:
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    names = [*SPECIAL.values(), *alphabet, "at", "cat", "Ġcat"]
    vocabulary = {name: index for index, name in enumerate(names)}
    backend = Backend(models.BPE(vocabulary, [("a", "t"), ("c", "at"), ("Ġ", "cat")]))
    backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=add_prefix_space)
    return backend


def test_a_word_piece_tokenizer_works(tmp_path: Path) -> None:
    found = load_tokenizer(saved(tmp_path, word_piece(), unk_token="[UNK]", **SPECIAL))
    assert found.encode(["The cats. dog"]) == [[7, 5, 6, 8, 1]]
    assert (found.pad_id, found.unk_id, found.cls_id, found.sep_id, found.mask_id) == (
        0,
        1,
        2,
        3,
        4,
    )
    assert found.bytes_per_id.tolist() == [0, 0, 0, 0, 0, 4, 1, 4, 2]
    assert found.encode_words(["cats", "the"]) == ([5, 6, 7], [0, 2])


@pytest.mark.parametrize("add_prefix_space", [False, True])
def test_byte_level_words_get_their_space(tmp_path: Path, add_prefix_space: bool) -> None:
    backend = byte_level(add_prefix_space=add_prefix_space)
    found = load_tokenizer(saved(tmp_path, backend, **SPECIAL))
    words = ["cat", "cat", "é"]
    ids, first = found.encode_words(words)
    assert [ids] == found.encode([" ".join(words)])
    assert first == [0, 1, 2]
    assert found.unk_id == -1
    assert found.bytes_per_id[ids].sum() == len(" cat cat é".encode()) - (not add_prefix_space)


def test_text_is_never_a_special_token(toy_tokenizer: Tokenizer, toy_unigram: Tokenizer) -> None:
    for tokenizer in (toy_tokenizer, toy_unigram):
        line = "<s> the </s><mask> cat<pad> <unk> <0x41>"
        [ids] = tokenizer.encode([line])
        assert not set(ids) & set(tokenizer.special_ids)
        assert tokenizer.hugging_face.decode(ids) == line
        words, _ = tokenizer.encode_words(line.split())
        assert not set(words) & set(tokenizer.special_ids)


def test_words_have_the_ids_of_the_line(
    toy_tokenizer: Tokenizer, toy_text: dict[Language, list[str]]
) -> None:
    for line in [lines[0] for lines in toy_text.values()]:
        ids, first = toy_tokenizer.encode_words(line.split())
        assert [ids] == toy_tokenizer.encode([line])
        assert len(first) == len(line.split())
        assert first[0] == 0
        assert first == sorted(set(first))


def test_a_word_that_is_dropped_whole_is_stood_for_by_the_unknown_piece(
    toy_tokenizer: Tokenizer,
) -> None:
    [cat] = toy_tokenizer.encode(["cat"])
    ids, first = toy_tokenizer.encode_words(["cat", "", " ", "cat"])
    assert ids == [*cat, toy_tokenizer.unk_id, toy_tokenizer.unk_id, *cat]
    assert first == [0, len(cat), len(cat) + 1, len(cat) + 2]
    assert toy_tokenizer.encode_words([]) == ([], [])


def test_where_there_is_no_unknown_piece_the_mask_stands_for_a_dropped_word(
    tmp_path: Path,
) -> None:
    found = load_tokenizer(saved(tmp_path, byte_level(add_prefix_space=False), **SPECIAL))
    ids, first = found.encode_words(["", "cat"])
    assert (ids[0], first) == (found.mask_id, [0, 1])


def test_bytes_per_id_covers_the_vocabulary(toy_tokenizer: Tokenizer) -> None:
    found = toy_tokenizer.bytes_per_id
    assert found.shape == (toy_tokenizer.vocabulary_size,)
    assert found.dtype == np.int64
    assert (found[list(toy_tokenizer.special_ids)] == 0).all()
    assert (np.delete(found, toy_tokenizer.special_ids) > 0).all()


def test_saved_and_loaded_it_is_the_same(toy_tokenizer: Tokenizer, tmp_path: Path) -> None:
    toy_tokenizer.save(tmp_path)
    again = load_tokenizer(tmp_path)
    assert again.fingerprint == toy_tokenizer.fingerprint
    assert again.encode(["the cat"]) == toy_tokenizer.encode(["the cat"])


def test_padding_and_truncation_of_a_saved_tokenizer_are_off(
    toy_tokenizer: Tokenizer, tmp_path: Path
) -> None:
    backend = Backend.from_str(toy_tokenizer.hugging_face.backend_tokenizer.to_str())
    backend.enable_truncation(2)
    backend.enable_padding(length=9)
    toy_tokenizer.save(tmp_path)
    backend.save(str(tmp_path / "tokenizer.json"))
    again = load_tokenizer(tmp_path)
    assert again.encode(["the cat sat on the mat"]) == toy_tokenizer.encode(
        ["the cat sat on the mat"]
    )


@pytest.mark.parametrize("missing", sorted(SPECIAL))
def test_a_tokenizer_without_a_special_token_is_refused(tmp_path: Path, missing: str) -> None:
    tokens = {name: token for name, token in SPECIAL.items() if name != missing}
    with pytest.raises(InputError, match=f"without a {missing}"):
        load_tokenizer(saved(tmp_path, word_piece(), unk_token="[UNK]", **tokens))


def test_a_folder_without_a_tokenizer_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="fast tokenizer with cls, sep, pad and mask"):
        load_tokenizer(tmp_path)


def test_a_damaged_tokenizer_is_refused(toy_tokenizer: Tokenizer, tmp_path: Path) -> None:
    toy_tokenizer.save(tmp_path)
    (tmp_path / "tokenizer.json").write_text("{")
    with pytest.raises(InputError, match=str(tmp_path)):
        load_tokenizer(tmp_path)


def test_lines_without_a_token_are_left_out(toy_tokenizer: Tokenizer) -> None:
    [(lines, ids)] = encode_stream(toy_tokenizer, ["the cat", "", " \t", "a dog"])
    assert lines == ["the cat", "a dog"]
    assert ids == toy_tokenizer.encode(lines)


def test_chunks_are_bounded_in_lines_and_characters(
    toy_tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("isogloss.data.tokenizers.tokenizer._CHUNK_LINES", 3)
    monkeypatch.setattr("isogloss.data.tokenizers.tokenizer._CHUNK_CHARACTERS", 20)
    lines = ["a", "a", "a", "a", "the cat sat on the mat", "a"]
    assert [len(chunk) for chunk, _ in encode_stream(toy_tokenizer, lines)] == [3, 2, 1]


def test_text_is_read_as_it_is_needed(
    toy_tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("isogloss.data.tokenizers.tokenizer._CHUNK_LINES", 2)
    taken = []

    def endless() -> Iterator[str]:
        while True:
            taken.append(1)
            yield "the cat"

    assert len(list(islice(encode_stream(toy_tokenizer, endless()), 3))) == 3
    assert len(taken) == 6
