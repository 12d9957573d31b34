import shutil
from pathlib import Path

import pytest
import torch
from transformers import AutoModelForMaskedLM

from isogloss.core import InputError
from isogloss.data import load_tokenizer
from isogloss.models import load_model
from isogloss.models.quiet import quiet
from isogloss.study import Run, export_run
from isogloss.study.store.run_folder import run_folder

Done = tuple[Path, Run, Run]


def _run(done: Done) -> Path:
    return run_folder(done[0], done[1].run_id).path


def test_a_run_with_its_tokenizer(done: Done, tmp_path: Path) -> None:
    exported = export_run(_run(done), tmp_path / "plain", to="hf")
    model = load_model(_run(done) / "model").eval()
    with quiet():
        plain = AutoModelForMaskedLM.from_pretrained(tmp_path / "plain")
    ids = torch.randint(5, 400, (2, 9))
    assert torch.equal(plain(ids).logits, model(ids, None, None))
    assert exported.tokenizer
    assert load_tokenizer(tmp_path / "plain").fingerprint == model.tokenizer_fingerprint


def test_the_models_folder_will_do(
    done: Done, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The study's tokenizer is found wherever one stands."""
    assert export_run(_run(done) / "model", tmp_path / "first", to="hf").tokenizer
    monkeypatch.chdir(_run(done))
    assert export_run(Path("model"), tmp_path / "second", to="hf").tokenizer
    assert export_run(Path(), tmp_path / "third", to="hf").tokenizer


def test_a_model_elsewhere(done: Done, tmp_path: Path) -> None:
    shutil.copytree(_run(done) / "model", tmp_path / "model")
    assert not export_run(tmp_path / "model", tmp_path / "bare", to="hf").tokenizer
    load_tokenizer(done[0] / "prepared" / "tokenizer").save(tmp_path / "model")
    assert export_run(tmp_path / "model", tmp_path / "whole", to="hf").tokenizer


def test_xmod_needs_adapters(done: Done, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="`modernbert`"):
        export_run(_run(done), tmp_path / "xmod", to="xmod")
    assert not (tmp_path / "xmod").exists()


def test_a_study_or_a_fine_tuning_is_not_a_model(done: Done, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="a study, which has many models") as caught:
        export_run(done[0], tmp_path / "out", to="hf")
    assert str(_run(done)) in caught.value.next_step
    with pytest.raises(InputError, match=r"a fine-tuning run.*`starts_from`"):
        export_run(run_folder(done[0], done[2].run_id).path, tmp_path / "out", to="hf")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("config.json", "a Hugging Face model that isogloss did not save"),
        ("predictions.parquet", "the scores of a pretrained model, not the model.*`starts_from`"),
        ("status", "a run that has not saved its model yet"),
        ("notes.txt", "Found no model"),
    ],
)
def test_other_folders(name: str, message: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("{}")
    with pytest.raises(InputError, match=message):
        export_run(tmp_path, tmp_path / "out", to="hf")


def test_nothing_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such folder"):
        export_run(tmp_path / "none", tmp_path / "out", to="hf")
