import pytest

import toys
from isogloss.core import InputError
from isogloss.training import OptimizerStep, TextSampling
from isogloss.treatments.steps.meta_adapters.treatment import MetaStep
from isogloss.treatments.steps.slow_weights.spec import SlowWeightsStep, inner_steps

META = MetaStep(TextSampling(0.0), (TextSampling(0.0), TextSampling(1.0)))


def test_a_number_that_is_given_is_taken() -> None:
    assert inner_steps(7, toys.plan()) == 7


def test_it_costs_and_draws_what_the_step_inside_does() -> None:
    assert SlowWeightsStep(META, 2, 0.5).passes == META.passes == 6.0
    assert SlowWeightsStep(META, 2, 0.5).samplers == META.samplers
    assert [one.exponent for one in META.samplers] == [0.0, 0.0, 1.0]  # type: ignore[attr-defined]
    assert MetaStep(None, ()).samplers == ()


@pytest.mark.parametrize("spec", [META, SlowWeightsStep(META, 2, 0.5)])
def test_it_comes_to_life(spec: MetaStep | SlowWeightsStep) -> None:
    assert type(spec.build(toys.context(toys.plan()))).__name__.startswith("Running")


@pytest.mark.parametrize(("steps", "rate"), [(0, 0.5), (2, 1.5), (2, -0.1)])
def test_slow_weights_out_of_range_are_refused_when_planned(steps: int, rate: float) -> None:
    with pytest.raises(InputError, match="step with slow weights"):
        SlowWeightsStep(OptimizerStep(), steps, rate)
