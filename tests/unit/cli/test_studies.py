import argparse
from pathlib import Path
from typing import Any

import pytest

from isogloss.cli.studies import Budget, audit_spec
from isogloss.core import InputError, Language

EN, SW = Language.parse("en"), Language.parse("sw")


def given(**changes: Any) -> argparse.Namespace:
    values = {"tasks": "", "seeds": 2, "model": "tiny", "vocabulary": 900, "budget": Budget(7)}
    return argparse.Namespace(**{**values, **changes})


def test_a_budget() -> None:
    assert Budget.parse("updates=2000") == Budget(2000)


@pytest.mark.parametrize("text", ["", "2000", "updates", "updates=", "updates=0", "steps=3"])
def test_no_budget(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match=f"found `{text}`"):
        Budget.parse(text)


def test_the_study_of_an_audit() -> None:
    spec = audit_spec("x", [(EN, SW)], given(tasks=" ner, pos,"))
    assert spec.mixtures == ((EN, SW),)
    assert spec.tasks == ("ner", "pos")
    assert (spec.seeds, spec.pretraining.updates) == ((0, 1), 7)
    assert spec.tokenizer.vocabulary_size == 900
    assert [entry.name for entry in spec.treatments] == ["monolingual", "untreated"]


def test_one_language_is_refused_by_the_name_of_the_option() -> None:
    with pytest.raises(InputError, match="Where: --languages"):
        audit_spec("x", [(EN,)], given())


@pytest.mark.parametrize("size", [900, 2000])
def test_a_vocabulary_of_a_checkpoint_is_refused_by_the_name_of_the_option(
    size: int, tmp_path: Path
) -> None:
    """Also where it is the size that a preset would have."""
    with pytest.raises(InputError, match="Where: --vocabulary"):
        audit_spec("x", [(EN, SW)], given(model=str(tmp_path), vocabulary=size))
    assert audit_spec("x", [(EN, SW)], given(model=str(tmp_path), vocabulary=None)).has_checkpoint


def test_a_misspelt_preset_is_met_before_its_vocabulary() -> None:
    with pytest.raises(InputError, match="Did you mean `tiny`"):
        audit_spec("x", [(EN, SW)], given(model="tinny"))
