import dataclasses
from typing import Any

import numpy as np
import pytest

import toys
from isogloss.study.plan.memorised import OFTEN, memorised
from isogloss.training import MetaStep, TrainingPlan
from isogloss.treatments import build_treatment


def warning(plan: TrainingPlan) -> str:
    assert isinstance(plan.step, MetaStep)
    return memorised(plan.step, plan, toys.context(plan))


def treated(updates: int, **options: Any) -> TrainingPlan:
    return build_treatment("meta_adapters", options).apply(toys.plan(toys.HOSTILE, updates))


@pytest.mark.parametrize("form", ["mixed", "language"])
def test_it_begins_where_a_slice_is_read_more_often_than_that(form: str) -> None:
    plan = treated(200, form=form, held_out=0.25)
    assert isinstance(plan.step, MetaStep)
    context = toys.context(plan)
    once = sum(one.build(context).epochs_per_language(1000) for one in plan.step.validation) / 1000
    last = int(OFTEN / float(np.max(once)))
    assert warning(dataclasses.replace(plan, updates=last - 1)) == ""
    said = warning(dataclasses.replace(plan, updates=last + 3))
    assert said.startswith("LEARNED BY HEART")
    assert "20 times (te-Latn)" in said or "21 times (te-Latn)" in said


def test_training_text_is_read_as_often_by_everybody() -> None:
    """Then the training is too long for its text, and that is no matter of validation."""
    assert warning(treated(5000, validation="train")) == ""
