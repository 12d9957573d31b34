import dataclasses
from typing import Any

import numpy as np
import pytest

import toys
from isogloss.training import MetaStep, TrainingPlan
from isogloss.training.memorised import OFTEN
from isogloss.treatments import build_treatment


def warnings(plan: TrainingPlan) -> tuple[str, ...]:
    return plan.step.warnings(plan, toys.context(plan))


def treated(updates: int, **options: Any) -> TrainingPlan:
    return build_treatment("meta_adapters", options).apply(toys.plan(toys.HOSTILE, updates))


@pytest.mark.parametrize("form", ["mixed", "language"])
def test_it_begins_where_a_slice_is_read_more_often_than_that(form: str) -> None:
    plan = treated(200, form=form, held_out=0.25)
    assert isinstance(plan.step, MetaStep)
    context = toys.context(plan)
    once = sum(one.build(context).epochs_per_language(1000) for one in plan.step.validation) / 1000
    last = int(OFTEN / float(np.max(once)))
    assert warnings(dataclasses.replace(plan, updates=last - 1)) == ()
    [said] = warnings(dataclasses.replace(plan, updates=last + 3))
    assert said.startswith("MEMORISED")
    assert "20 times (te-Latn)" in said or "21 times (te-Latn)" in said


def test_training_text_is_read_as_often_by_everybody() -> None:
    """Then the training is too long for its text, and that is no matter of validation."""
    assert warnings(treated(5000, validation="train")) == ()


def test_other_steps_have_nothing_to_say() -> None:
    for name in ("untreated", "lookahead"):
        plan = build_treatment(name, {}).apply(toys.plan(toys.HOSTILE, 10))
        assert warnings(plan) == ()
