from collections import Counter

import pytest
import torch

import toys
from isogloss.core import InputError
from isogloss.treatments import Reptile, build_treatment
from isogloss.treatments.steps.slow_weights.spec import SlowWeightsStep
from unit.treatments.walks import RATES, Cubics, constants, settles


def test_claim_inner_products_of_one_languages_own_gradients_rise_and_no_others() -> None:
    """Mean over t of alpha K g_t - alpha^2 K (K - 1) / 2 H_t g_t: no pair of languages in it."""
    cubics, n = Cubics(), 4
    found, expected = [], []
    for rate in RATES:
        found.append(cubics.walk([[t] * n for t in range(3)], rate))
        first = rate * n * sum(cubics.g(t) for t in range(3)) / 3
        own = sum(cubics.h(t) @ cubics.g(t) for t in range(3)) / 3
        expected.append(first - rate**2 * n * (n - 1) / 2 * own)
    assert settles(constants(found, expected, 3))
    # H_t g_t is half the gradient of the squared norm, the product of a gradient with its like.
    w = cubics.phi.clone().requires_grad_()
    norms = sum(cubics.gradient(t, w).square().sum() for t in range(3)) / 3
    assert torch.allclose(torch.autograd.grad(norms, [w])[0] / 2, own)


def test_a_round_is_one_walk_on_each_language() -> None:
    plan = Reptile(6).apply(toys.plan(toys.HOSTILE))
    sampler = plan.sampler.build(toys.context(plan))
    languages = [int(sampler.batch(update).language[0]) for update in range(24)]
    for first in range(0, 24, 6):
        one = languages[first : first + 6]
        assert one[::2] == one[1::2]
        assert Counter(one) == {0: 2, 1: 2, 2: 2}
    assert isinstance(plan.step, SlowWeightsStep)
    assert plan.step.per_language
    assert plan.step.inner_steps == 6


@pytest.mark.parametrize("options", [{"inner_steps": -1}, {"outer_learning_rate": 2}])
def test_values_that_mean_nothing_are_refused_at_the_door(options: dict[str, object]) -> None:
    with pytest.raises(InputError, match=next(iter(options))):
        build_treatment("reptile", options)
