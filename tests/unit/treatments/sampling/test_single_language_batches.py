import pytest
import torch

import toys
from isogloss.core import InputError
from isogloss.training import TrainingPlan
from isogloss.treatments import SingleLanguageBatches, Untreated, build_treatment


def rows_of(plan: TrainingPlan, language: int, updates: int) -> torch.Tensor:
    sampler = plan.sampler.build(toys.context(plan))
    batches = [sampler.batch(update) for update in range(updates)]
    return torch.cat([batch.input_ids[batch.language == language] for batch in batches])


@pytest.mark.parametrize("language", range(3))
def test_claim_rows_and_budget_are_those_of_mixed_batches(language: int) -> None:
    plan = toys.plan(toys.HOSTILE, updates=12)
    treated = SingleLanguageBatches(block=6).apply(plan)
    mixed = rows_of(Untreated().apply(plan), language, 12)
    assert torch.equal(rows_of(treated, language, 12), mixed)


def test_a_batch_holds_one_language() -> None:
    plan = SingleLanguageBatches().apply(toys.plan(toys.HOSTILE))
    sampler = plan.sampler.build(toys.context(plan))
    languages = [sampler.batch(update).language.unique().tolist() for update in range(9)]
    assert all(len(one) == 1 for one in languages)
    assert {one[0] for one in languages} == {0, 1, 2}


def test_the_block_is_a_fortieth_of_the_training_and_holds_every_language() -> None:
    assert SingleLanguageBatches().apply(toys.plan(updates=1001)).sampler.block == 26
    assert SingleLanguageBatches().apply(toys.plan(toys.HOSTILE)).sampler.block == 3


@pytest.mark.parametrize("options", [{"block": 0}, {"exponent": -0.1}])
def test_values_that_mean_nothing_are_refused_at_the_door(options: dict[str, object]) -> None:
    with pytest.raises(InputError, match=next(iter(options))):
        build_treatment("single_language_batches", options)
