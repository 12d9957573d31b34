from typing import Any

import pytest

import toys
from isogloss.core import InputError
from isogloss.training import (
    FAMO,
    GradientCombine,
    GradNormCombine,
    LossCombine,
    MetaStep,
    OptimizerStep,
    SlowWeightsStep,
    StaticWeights,
    TextSampling,
    WeightedSum,
)

META = MetaStep(TextSampling(0.0), (TextSampling(0.0), TextSampling(1.0)))
SPECS: list[Any] = [OptimizerStep(), META, SlowWeightsStep(META, 2, 0.5), WeightedSum()]


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: type(spec).__name__)
def test_a_part_comes_to_life(spec: Any) -> None:
    assert type(spec.build(toys.context(toys.plan()))).__name__.startswith("Running")


def test_what_an_update_costs_is_known_from_the_plan() -> None:
    weighting: Any = None
    assert GradientCombine(weighting, "module").passes == 1.0
    assert GradientCombine(weighting, "model").passes == pytest.approx(5 / 3)
    assert LossCombine(FAMO()).passes == pytest.approx(4 / 3)
    assert LossCombine(StaticWeights()).passes == GradNormCombine().passes == 1.0
    assert SlowWeightsStep(META, 2, 0.5).passes == META.passes == 6.0


def test_the_samplers_of_a_step_are_those_inside_it() -> None:
    assert SlowWeightsStep(META, 2, 0.5).samplers == META.samplers
    assert [one.exponent for one in META.samplers] == [0.0, 0.0, 1.0]  # type: ignore[attr-defined]
    assert MetaStep(None, ()).samplers == OptimizerStep().samplers == ()


@pytest.mark.parametrize(("steps", "rate"), [(0, 0.5), (2, 1.5), (2, -0.1)])
def test_slow_weights_out_of_range_are_refused_when_planned(steps: int, rate: float) -> None:
    with pytest.raises(InputError, match="step with slow weights"):
        SlowWeightsStep(OptimizerStep(), steps, rate)
