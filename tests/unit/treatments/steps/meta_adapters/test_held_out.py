import dataclasses
from typing import Any, Literal

import numpy as np
import pytest

import toys
from isogloss.core import InputError
from isogloss.training import SingleLanguageSampling, TextSampling, TrainingPlan
from isogloss.treatments import build_treatment
from isogloss.treatments.steps.meta_adapters.held_out import OFTEN, PartSampling
from isogloss.treatments.steps.meta_adapters.treatment import MetaStep


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


PLAN = toys.plan()
PARTS: tuple[Literal["train", "held_out"], ...] = ("train", "held_out")


def rows(sampling: PartSampling, updates: int = 60) -> set[tuple[int, ...]]:
    sampler = sampling.build(toys.context(PLAN))
    return {tuple(row) for u in range(updates) for row in sampler.batch(u).input_ids.tolist()}


def test_what_is_held_out_is_not_trained_on() -> None:
    trained = rows(PartSampling(TextSampling(0.0), 0.1, "train"))
    held_out = rows(PartSampling(TextSampling(0.0), 0.1, "held_out"))
    assert trained and held_out and not trained & held_out
    whole = rows(PartSampling(TextSampling(0.0), 0.0, "train"), updates=60)
    assert trained | held_out == whole


def test_one_language_keeps_its_index() -> None:
    sampler = PartSampling(TextSampling(0.0), 0.1, "train", only=1).build(toys.context(PLAN))
    assert sampler.languages == PLAN.languages
    assert set(sampler.batch(0).language.tolist()) == {1}
    assert np.array_equal(sampler.rows_per_language(3), [0, 3 * PLAN.rows])


def test_draws_read_the_same_text_in_another_order_with_the_same_languages() -> None:
    first, second = (
        SingleLanguageSampling(PartSampling(TextSampling(0.5), 0.1, "train", draw=draw)).build(
            toys.context(PLAN)
        )
        for draw in (0, 1)
    )
    for update in range(6):
        one, other = first.batch(update), second.batch(update)
        assert one.language.tolist() == other.language.tolist()
        assert len(one.language.unique()) == 1
    assert not all(
        np.array_equal(first.batch(u).input_ids, second.batch(u).input_ids) for u in range(6)
    )


def test_languages_are_shared_out_by_the_size_of_their_part() -> None:
    context = toys.context(PLAN)
    english, swahili = PLAN.languages
    whole = PartSampling(TextSampling(1.0), 0.0, "train").sizes(context)
    assert whole == TextSampling(1.0).sizes(context)
    parts = [PartSampling(TextSampling(1.0), 0.25, part).sizes(context) for part in PARTS]
    assert parts[0][english] > 2 * parts[1][english] > parts[1][swahili] > 0
    one = PartSampling(TextSampling(1.0), 0.25, "held_out", only=1)
    assert one.sizes(context) == {swahili: parts[1][swahili]}
    assert one.exponent == 1.0


def test_a_share_that_leaves_nothing_is_refused() -> None:
    with pytest.raises(InputError, match=r"training text of eng-Latn.*Hold out a smaller share"):
        PartSampling(TextSampling(0.0), 0.9999, "train").build(toys.context(PLAN))
