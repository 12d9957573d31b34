"""The sections of a study file refuse what no training can use."""

import pytest
from pydantic import ValidationError

from isogloss.core import InputError
from isogloss.study.spec.settings import (
    FinetuningSettings,
    PretrainingSettings,
    StatisticsSettings,
    Strict,
    TokenizerSettings,
)


@pytest.mark.parametrize(
    ("section", "key", "value"),
    [
        (PretrainingSettings, "updates", -1),
        (PretrainingSettings, "updates", 2.5),
        (PretrainingSettings, "exponent", -0.5),
        (PretrainingSettings, "learning_rate", float("inf")),
        (PretrainingSettings, "learning_rate", float("nan")),
        (PretrainingSettings, "masking", 1),
        (PretrainingSettings, "updats", 5),
        (FinetuningSettings, "max_examples", 0),
        (StatisticsSettings, "alpha", 0),
        (TokenizerSettings, "kind", "wordpiece"),
    ],
)
def test_refused(section: type[Strict], key: str, value: object) -> None:
    with pytest.raises(ValidationError, match=key):
        section.model_validate({key: value})


def test_metrics_of_smallest_effects_are_known() -> None:
    with pytest.raises(ValidationError) as caught:
        StatisticsSettings.model_validate({"smallest_effect": {"entity_f": 0.01}})
    cause = caught.value.errors()[0]["ctx"]["error"]
    assert isinstance(cause, InputError)
    assert "entity_f1" in str(cause)


def test_sections_are_frozen() -> None:
    settings = TokenizerSettings()
    with pytest.raises(ValidationError):
        settings.vocabulary_size = 5


def test_a_task_may_have_settings_of_its_own() -> None:
    own = {"qa": {"length": 256, "epochs": 2}, "pos": {"max_examples": 9}}
    settings = FinetuningSettings.model_validate({"length": 96, "epochs": 3, "tasks": own})
    for name in ("qa", "qa.mlqa", "qa-on-qa.xquad"):
        found = settings.of(name)
        assert (found.length, found.epochs, found.max_examples) == (256, 2, None)
    assert (settings.of("pos").length, settings.of("pos").max_examples) == (96, 9)
    assert settings.of("ner") == settings.of("qa_passage_only") == settings
    with pytest.raises(ValidationError, match="poss"):
        FinetuningSettings.model_validate({"tasks": {"poss": {}}})
