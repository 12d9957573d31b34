"""Each row of the table is a whole kind."""

import inspect
from typing import get_args

import pytest

from isogloss.study import StudySpec
from isogloss.study.plan.kinds import STUDY_KINDS


@pytest.mark.parametrize("name", STUDY_KINDS)
def test_a_kind_is_found_by_the_word_of_its_spec(name: str) -> None:
    kind = STUDY_KINDS[name]
    assert get_args(kind.spec.model_fields["treat"].annotation) == (name,)
    assert kind.spec.model_fields["treat"].default == name
    assert not inspect.isabstract(kind.spec)
    assert kind.spec.treated in ("pretrain", "finetune")
    assert isinstance(kind.spec.learns_together, bool)


def test_a_spec_without_a_kind_is_none() -> None:
    assert inspect.isabstract(StudySpec)
    assert StudySpec.model_fields["treat"].default in STUDY_KINDS
