import os
from dataclasses import dataclass
from pathlib import Path

import pytest
import torch
from transformers import AutoModelForMaskedLM

from isogloss.core import InputError
from isogloss.models import ATTACHMENTS, export_model
from isogloss.models.exports import new_folder, to_plain
from isogloss.models.quiet import quiet
from unit.models.toys import adapters, ids, shaken, toy_model


@dataclass
class ToyTokenizer:
    fingerprint: str = "toy"

    def save(self, folder: Path | str) -> None:
        (Path(folder) / "tokenizer.json").write_text("{}")


@pytest.mark.parametrize("model_type", ATTACHMENTS)
def test_a_plain_model(model_type: str, tmp_path: Path) -> None:
    """`transformers` alone opens it, nothing of ours lies in it, and the logits are equal."""
    model = shaken(toy_model(model_type=model_type))
    done = export_model(model, tmp_path / "plain", to="hf", tokenizer=ToyTokenizer())
    with quiet():
        plain, info = AutoModelForMaskedLM.from_pretrained(
            tmp_path / "plain", output_loading_info=True
        )
    assert not any(info.values())
    assert torch.equal(plain(ids(3)).logits, model(ids(3), None, None))
    files = {"config.json", "model.safetensors", "tokenizer.json"}
    assert files <= set(os.listdir(tmp_path / "plain")) <= files | {"generation_config.json"}
    assert os.listdir(tmp_path) == ["plain"]
    assert (done.architecture, done.languages, done.tokenizer) == (model_type, {}, True)
    assert done.notes == ()


def test_xmod(tmp_path: Path) -> None:
    model = shaken(toy_model(adapters(places="residual"), model_type="xlm-roberta"))
    done = export_model(model, str(tmp_path / "xmod"), to="xmod")
    with quiet():
        xmod, info = AutoModelForMaskedLM.from_pretrained(
            tmp_path / "xmod", output_loading_info=True
        )
    assert not any(info.values())
    language = torch.tensor([2, 0, 1])
    torch.testing.assert_close(
        xmod(ids(3), lang_ids=language).logits, model(ids(3), None, language), atol=1e-6, rtol=0
    )
    assert done.architecture == "xmod" and not done.tokenizer
    assert done.languages == {"eng-Latn": "en_XX", "tel-Telu": "te_IN", "ara-Arab": "ar_AR"}


def test_the_shared_weights_alone(tmp_path: Path) -> None:
    model = toy_model(adapters())
    done = export_model(model, tmp_path / "plain", to="hf", without_modules=True)
    assert len(done.notes) == 1
    with quiet():
        plain = AutoModelForMaskedLM.from_pretrained(tmp_path / "plain")
    assert torch.equal(plain(ids(3)).logits, toy_model()(ids(3), None, None))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"to": "onnx"}, "format of the export: one of hf, xmod"),
        ({"to": "hf"}, "modules of kind `adapter`"),
        ({"to": "xmod"}, "`modernbert`"),
        ({"to": "xmod", "without_modules": True}, "the wish to leave them out"),
        ({"to": "hf", "without_modules": True, "tokenizer": ToyTokenizer("other")}, "another one"),
    ],
)
def test_refusals_write_nothing(options: dict[str, object], message: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=message):
        export_model(toy_model(adapters()), tmp_path / "out", **options)
    assert os.listdir(tmp_path) == []


def test_a_tokenizer_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    class Broken(ToyTokenizer):
        def save(self, folder: Path | str) -> None:
            raise OSError(28, "No space left on device")

    with pytest.raises(InputError, match="No space left"):
        export_model(toy_model(), tmp_path / "out", to="hf", tokenizer=Broken())
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("there", [True, False])
def test_a_filled_folder_stands(there: bool, tmp_path: Path) -> None:
    target = tmp_path / "deep" / "model"
    if there:
        target.mkdir(parents=True)
    with new_folder(target) as new:
        (new / "sub").mkdir()
        (new / "sub" / "file").write_text("x")
        assert not (target / "sub").exists()
    assert (target / "sub" / "file").read_text() == "x"
    assert os.listdir(tmp_path / "deep") == ["model"]
    assert target.stat().st_mode & 0o777 == 0o755


def test_a_folder_that_was_not_filled_vanishes(tmp_path: Path) -> None:
    with pytest.raises(KeyError), new_folder(tmp_path / "model") as new:
        (new / "file").write_text("x")
        raise KeyError
    assert os.listdir(tmp_path) == []


def test_a_full_disk_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with (
        pytest.raises(InputError, match="No space left on device"),
        new_folder(tmp_path / "model") as new,
    ):
        (new / "file").write_text("x")
    assert os.listdir(tmp_path) == []


def test_what_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match=r"notes\.txt in it"), new_folder(tmp_path):
        pytest.fail("nothing is begun")
    assert os.listdir(tmp_path) == ["notes.txt"]


def test_a_file_in_the_way_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "model").write_text("mine")
    with pytest.raises(InputError, match="a file of that name"), new_folder(tmp_path / "model"):
        pass
    assert (tmp_path / "model").read_text() == "mine"


def test_without_modules_it_is_the_backbone() -> None:
    model = toy_model()
    assert to_plain(model, without_modules=False) == (model.backbone, ())


def test_modules_are_not_lost_unasked() -> None:
    with pytest.raises(InputError, match="modules of kind `adapter` for eng-Latn, tel-Telu"):
        to_plain(toy_model(adapters()), without_modules=False)


def test_modules_that_are_left_out_are_named() -> None:
    model = toy_model(adapters())
    backbone, [note] = to_plain(model, without_modules=True)
    assert backbone is model.backbone
    assert "`adapter` are left out" in note
