from pathlib import Path

import pytest
from huggingface_hub.utils import SafetensorsRepoMetadata
from transformers import (
    AutoModel,
    AutoModelForMaskedLM,
    AutoModelForSequenceClassification,
    AutoModelForTokenClassification,
    PretrainedConfig,
)

from isogloss.core import InputError
from isogloss.models import ATTACHMENTS, bodies, create_model, lacks_head
from isogloss.models.quiet import quiet
from unit.models.toys import LANGUAGES, ToyVocabulary, save_toy, toy_config


@pytest.mark.parametrize("model_type", ATTACHMENTS)
@pytest.mark.parametrize("tied", [True, False])
def test_an_encoder_lacks_a_head_and_a_masked_language_model_does_not(
    model_type: str, tied: bool, tmp_path: Path
) -> None:
    config = toy_config(model_type)
    config.tie_word_embeddings = tied
    with quiet():
        AutoModelForMaskedLM.from_config(config).save_pretrained(tmp_path / "whole")
        AutoModel.from_pretrained(tmp_path / "whole").save_pretrained(tmp_path / "alone")
    assert not lacks_head(tmp_path / "whole")
    # EuroBERT's head is its embeddings where the two are tied: there is nothing to make.
    assert lacks_head(tmp_path / "alone") is not (tied and model_type == "eurobert")


@pytest.mark.parametrize("model_type", ATTACHMENTS)
@pytest.mark.parametrize(
    "kind", [AutoModelForTokenClassification, AutoModelForSequenceClassification]
)
def test_the_encoder_of_a_task_lacks_the_head(
    model_type: str, kind: type[AutoModelForTokenClassification], tmp_path: Path
) -> None:
    with quiet():
        kind.from_config(toy_config(model_type)).save_pretrained(tmp_path)
    assert lacks_head(tmp_path)
    create_model(tmp_path, tokenizer=ToyVocabulary(), languages=LANGUAGES, seed=0)


def test_a_preset_lacks_nothing() -> None:
    assert not lacks_head("micro")


def test_without_weights_nobody_knows(tmp_path: Path) -> None:
    (save_toy(tmp_path) / "model.safetensors").unlink()
    with pytest.raises(InputError, match="weights in safetensors"):
        lacks_head(tmp_path)


def test_of_a_hub_name_only_the_names_of_weights_are_fetched(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []

    def config(source: str) -> PretrainedConfig:
        return toy_config("bert")

    def metadata(name: str) -> SafetensorsRepoMetadata:
        asked.append(name)
        names = {"embeddings.word_embeddings.weight": "model.safetensors"}
        return SafetensorsRepoMetadata(None, False, names, {})

    monkeypatch.setattr(bodies, "model_config", config)
    monkeypatch.setattr(bodies, "get_safetensors_metadata", metadata)
    assert lacks_head("nobody/nothing")
    assert asked == ["nobody/nothing"]


def test_a_hub_name_without_safetensors_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def config(source: str) -> PretrainedConfig:
        return toy_config("bert")

    def metadata(name: str) -> SafetensorsRepoMetadata:
        raise OSError("no network here")

    monkeypatch.setattr(bodies, "model_config", config)
    monkeypatch.setattr(bodies, "get_safetensors_metadata", metadata)
    with pytest.raises(InputError, match="no network here"):
        lacks_head("nobody/nothing")
