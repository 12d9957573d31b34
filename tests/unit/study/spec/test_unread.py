"""What no run would read is refused by name; tests/contract/test_study_keys.py walks every key."""

from typing import Any

import pytest

from isogloss.core import InputError
from isogloss.study import parse_spec
from unit.study import toys

MODULES = {"tasks": ["pos"], "treatments": ["monolingual", "untreated", "language_adapters"]}


def refusal(**changes: Any) -> str:
    with pytest.raises(InputError, match=r"would do nothing|a smallest effect") as error:
        toys.spec(**changes)
    return f"{error.value.expected}; found {error.value.found}"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"finetuning": {"epochs": 2}}, "without `tasks` nothing is fine-tuned"),
        ({"tasks": ["pos"], "finetuning": {"route": "source"}}, "language-specific modules"),
        ({"tasks": ["pos"], "finetuning": {"exponent": 1}}, "`finetuning.exponent`"),
        (
            {"model": "owner/name", "tokenizer": {"kind": "unigram"}},
            "`owner/name` keeps its own tokenizer",
        ),
        (
            {**MODULES, "finetuning": {"language_modules": "tuned", "zero_shot_from": "pivot"}},
            "one fine-tuning serves all tests",
        ),
        ({"statistics": {"smallest_effect": {"qa_f1": 0.1}}}, "found `qa_f1`"),
    ],
)
def test_what_would_do_nothing_is_refused(changes: dict[str, Any], said: str) -> None:
    assert said in refusal(**changes)


def test_a_value_that_is_the_default_is_no_setting() -> None:
    spec = toys.spec(finetuning={"epochs": 6}, statistics={"smallest_effect": {}})
    assert parse_spec(spec.model_dump(mode="json"), "toys") == spec


def test_modules_that_all_languages_share_are_none_of_a_language() -> None:
    toys.spec(**MODULES, finetuning={"route": "source"})
    shared = {**MODULES, "treatments": ["monolingual", "untreated", "shared_adapter"]}
    assert "language-specific modules" in refusal(**shared, finetuning={"route": "source"})
