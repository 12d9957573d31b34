"""A toy model of NLLB's kind: codes, length, what is kept, and folders that are refused."""

import json
from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer, models, pre_tokenizers, processors
from transformers import M2M100Config, M2M100ForConditionalGeneration, PreTrainedTokenizerFast

from isogloss.core import InputError
from isogloss.data import ClassifiedText
from isogloss.data.translations.contract import Material
from isogloss.data.translations.machine import Machine
from unit.data.translations.conftest import FR, SW, wanted

WORDS = ["<pad>", "</s>", "<unk>", "eng_Latn", "fra_Latn", "swh_Latn", "le", "chien", "court"]
EXAMPLES = [
    ClassifiedText("le chien", "court", "x", "#1"),
    ClassifiedText("chien " * 30, "le", "x", "#2"),
]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("toy-nllb")
    words = Tokenizer(models.WordLevel({word: n for n, word in enumerate(WORDS)}, "<unk>"))
    words.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    words.post_processor = processors.TemplateProcessing("$A </s>", special_tokens=[("</s>", 1)])
    PreTrainedTokenizerFast(
        tokenizer_object=words, pad_token="<pad>", eos_token="</s>", unk_token="<unk>"
    ).save_pretrained(folder)
    torch.manual_seed(0)
    sizes = {
        f"{side}_{what}": n
        for side in ("encoder", "decoder")
        for what, n in (("layers", 1), ("attention_heads", 2), ("ffn_dim", 16))
    }
    config = M2M100Config(
        vocab_size=len(WORDS),
        d_model=8,
        max_position_embeddings=64,
        **sizes,
        pad_token_id=0,
        bos_token_id=1,
        eos_token_id=1,
        decoder_start_token_id=1,
    )
    M2M100ForConditionalGeneration(config).save_pretrained(folder)
    return folder


def test_texts_are_translated_once_and_long_ones_skipped(model: Path, material: Material) -> None:
    provider = Machine(str(model), beams=1, max_length=16)
    first = provider.translate(EXAMPLES, wanted(), material)
    assert first.skipped["it is longer than the translation model reads"] == 1
    again = provider.translate(EXAMPLES, wanted(), material)
    assert (first.pairs, first.provenance.name) == (again.pairs, model.name)
    assert material.cache is not None
    [path] = material.cache.iterdir()
    kept = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert {row["text"] for row in kept} == {"le chien", "court", "chien " * 30, "le"}


def test_languages_have_the_codes_of_the_model(model: Path) -> None:
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(model)
    provider = Machine(str(model))
    assert provider._code(tokenizer, FR, model) == "fra_Latn"
    assert provider._code(tokenizer, SW, model) == "swh_Latn"  # one language of a macrolanguage
    named = Machine(str(model), codes={"fr": "eng_Latn"})
    assert named._code(tokenizer, FR, model) == "eng_Latn"
    from isogloss.core import Language

    with pytest.raises(InputError, match=r"none of tel_Telu.*codes: \{te: CODE\}"):
        provider._code(tokenizer, Language.parse("te"), model)


def test_other_folders_are_refused(model: Path, tmp_path: Path, material: Material) -> None:
    with pytest.raises(InputError, match="no such folder"):
        Machine(str(tmp_path / "opus-{source}-{target}")).fingerprint(wanted(), material)
    with pytest.raises(InputError, match="other files alone"):
        Machine(str(tmp_path)).fingerprint(wanted(), material)
    (tmp_path / "config.json").write_text('{"model_type": "bert"}', "utf-8")
    (tmp_path / "model.safetensors").write_bytes(b"")
    with pytest.raises(InputError, match="a model of the kind `bert`"):
        Machine(str(tmp_path)).translate(EXAMPLES, wanted(), material)


def test_the_fingerprint_follows_the_search(model: Path, material: Material) -> None:
    one, other = (Machine(str(model), beams=n).fingerprint(wanted(), material) for n in (1, 2))
    assert one != other
