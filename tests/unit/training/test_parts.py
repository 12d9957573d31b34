from typing import Any

import pytest

import toys
from isogloss.training import (
    GradientCombine,
    LossCombine,
    OptimizerStep,
    WeightedSum,
)
from isogloss.treatments.loss_weights.famo import FAMOWeighting
from isogloss.treatments.loss_weights.gradnorm import GradNormCombine
from isogloss.treatments.loss_weights.static_weights import StaticWeighting

SPECS: list[Any] = [OptimizerStep(), WeightedSum()]


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: type(spec).__name__)
def test_a_part_comes_to_life(spec: Any) -> None:
    assert type(spec.build(toys.context(toys.plan()))).__name__.startswith("Running")


def test_what_an_update_costs_is_known_from_the_plan() -> None:
    weighting: Any = None
    assert GradientCombine(weighting, "module").passes == 1.0
    assert GradientCombine(weighting, "model").passes == pytest.approx(5 / 3)
    assert LossCombine(FAMOWeighting()).passes == pytest.approx(4 / 3)
    assert LossCombine(StaticWeighting()).passes == GradNormCombine().passes == 1.0


def test_the_plain_step_draws_from_nothing_else() -> None:
    assert OptimizerStep().samplers == ()
