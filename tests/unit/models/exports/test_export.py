import os
from dataclasses import dataclass
from pathlib import Path

import pytest
import torch
from transformers import AutoModelForMaskedLM

from isogloss.core import InputError
from isogloss.models import ATTACHMENTS, export_model
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
