import os
from pathlib import Path

import pytest
import torch
from transformers import AutoModelForMaskedLM

from isogloss.core import InputError
from isogloss.models import ATTACHMENTS, load_model, saving
from isogloss.models.quiet import quiet
from unit.models.toys import adapters, ids, save_toy, toy_model

LANGUAGE = torch.tensor([0, 1, 2, 1])


@pytest.mark.parametrize("model_type", ATTACHMENTS)
def test_transformers_reads_the_root_without_us(model_type: str, tmp_path: Path) -> None:
    model = toy_model(model_type=model_type).eval()
    model.save(tmp_path / "deep" / "model")
    with quiet():
        plain, info = AutoModelForMaskedLM.from_pretrained(
            tmp_path / "deep" / "model", output_loading_info=True
        )
    assert not any(info.values())
    expected = plain(input_ids=ids(3)).logits
    assert torch.equal(model(ids(3), None, None), expected)


@pytest.mark.parametrize("model_type", ATTACHMENTS)
def test_the_root_of_an_adapted_model_is_plain_too(model_type: str, tmp_path: Path) -> None:
    toy_model(adapters(), model_type=model_type).save(tmp_path / "model")
    with quiet():
        plain, info = AutoModelForMaskedLM.from_pretrained(
            tmp_path / "model", output_loading_info=True
        )
    assert not any(info.values())
    embeddings = plain.get_input_embeddings().weight
    tied = plain.get_output_embeddings().weight is embeddings
    assert tied is plain.config.tie_word_embeddings  # as before


def test_files(tmp_path: Path) -> None:
    toy_model(adapters()).save(tmp_path / "model")
    assert {path.name for path in (tmp_path / "model").iterdir()} >= {
        "config.json",
        "model.safetensors",
        "language_modules.safetensors",
        "isogloss.json",
    }
    assert os.listdir(tmp_path) == ["model"]  # no temporary folder is left


def test_a_model_of_ours_is_replaced_and_its_tokenizer_stays(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    toy_model(adapters()).save(folder)
    (folder / "tokenizer.json").write_text("{}")
    (folder / "model-00001-of-00002.safetensors").write_text("of an older save")
    second = toy_model(adapters(), seed=1)
    second.save(folder)
    assert (folder / "tokenizer.json").read_text() == "{}"
    assert not list(folder.glob("model-*"))
    assert os.listdir(tmp_path) == ["model"]
    hidden = second.encode(ids(4), None, LANGUAGE)
    assert torch.equal(load_model(folder).encode(ids(4), None, LANGUAGE), hidden)


def test_a_tokenizer_may_be_saved_first(tmp_path: Path) -> None:
    (tmp_path / "tokenizer").mkdir()
    (tmp_path / "tokenizer.json").write_text("{}")
    toy_model().save(tmp_path)
    assert (tmp_path / "tokenizer.json").exists()
    assert (tmp_path / "tokenizer").is_dir()
    load_model(tmp_path)


def test_anothers_model_is_not_overwritten(tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in save_toy(tmp_path).iterdir()}
    with pytest.raises(InputError, match="another model's"):
        toy_model().save(tmp_path)
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_failed_save_leaves_the_old_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "model"
    model = toy_model(adapters())
    model.save(folder)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(saving, "save_file", full)
    with pytest.raises(InputError, match="No space left on device"):
        toy_model(adapters(), seed=1).save(folder)
    assert os.listdir(tmp_path) == ["model"]
    hidden = model.encode(ids(4), None, LANGUAGE)
    assert torch.equal(load_model(folder).encode(ids(4), None, LANGUAGE), hidden)
