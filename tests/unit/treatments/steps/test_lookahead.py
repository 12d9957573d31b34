import dataclasses
from typing import Any

import pytest
import torch
from torch import nn

import toys
from isogloss.core import InputError
from isogloss.training import StepContext
from isogloss.treatments import Lookahead, build_treatment


class NoisyDescent:
    """Gradient descent on x^2 / 2 with noise, for every number of the model at once."""

    def __init__(self, rate: float) -> None:
        self.rate = rate

    def build(self, context: Any) -> "NoisyDescent":
        return self

    def start(self, context: Any) -> None:
        self.weight = context.model.weight

    def update(self, update: int, batch: Any) -> None:
        x = self.weight.data
        x.sub_(self.rate * (x + torch.randn_like(x)))


def test_claim_the_slow_weights_vary_less_around_an_optimum() -> None:
    """40,000 walks side by side: the variance at rest (Zhang et al. 2019, Proposition 2).

    One inner step shrinks the distance by rho = 1 - rate and adds noise, so theta alone rests at
    V = rate^2 / (1 - rho^2); phi shrinks by q = 1 - eta + eta rho^K and rests at
    eta^2 V (1 - rho^2K) / (1 - q^2).
    """
    rate, inner, eta = 0.3, 5, 0.5
    rho = 1 - rate
    alone = rate**2 / (1 - rho**2)
    q = 1 - eta + eta * rho**inner
    expected = eta**2 * alone * (1 - rho ** (2 * inner)) / (1 - q**2)
    assert expected < 0.4 * alone

    plan = Lookahead(inner, eta).apply(toys.plan(step=NoisyDescent(rate)))
    model = nn.Linear(200, 200, bias=False)
    step = plan.step.build(toys.context(plan))
    step.start(StepContext(model, None, None, None, 150, {}))  # type: ignore[arg-type]
    for update in range(150):
        step.update(update, None)  # type: ignore[arg-type]
    assert float(model.weight.detach().var()) == pytest.approx(expected, rel=0.03)


def test_the_sampler_is_left_alone() -> None:
    plan = toys.plan()
    after = Lookahead(7, 0.2, "reset").apply(plan)
    assert after.sampler == plan.sampler
    assert dataclasses.asdict(after.step) == {
        "inner": dataclasses.asdict(plan.step),
        "inner_steps": 7,
        "outer_learning_rate": 0.2,
        "optimizer_state": "reset",
        "per_language": False,
    }


@pytest.mark.parametrize("options", [{"inner_steps": 0}, {"outer_learning_rate": -0.5}])
def test_values_that_mean_nothing_are_refused_at_the_door(options: dict[str, object]) -> None:
    with pytest.raises(InputError, match=next(iter(options))):
        build_treatment("lookahead", options)
