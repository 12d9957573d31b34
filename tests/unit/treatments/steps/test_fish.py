import itertools

import pytest
import torch

import toys
from isogloss.core import InputError
from isogloss.training import TextSampling
from isogloss.treatments import Fish, SequentialReptile, build_treatment
from unit.treatments.walks import RATES, Cubics, constants, settles


def test_claim_inner_products_of_different_languages_rise_and_no_others() -> None:
    """All six orders: alpha sum_t g_t - alpha^2 / 4 grad sum_{s != t} <g_s, g_t> + O(alpha^3)."""
    cubics = Cubics()
    orders = list(itertools.permutations(range(3)))
    first = sum(cubics.g(t) for t in range(3))
    found = [cubics.mean_walk(orders, rate) for rate in RATES]
    expected = [rate * first - rate**2 / 4 * cubics.ascent_of_products() for rate in RATES]
    assert settles(constants(found, expected, 3))


def test_claim_an_outer_update_leaves_larger_inner_products_than_a_plain_step() -> None:
    cubics, rate = Cubics(), 0.001
    plain = rate * sum(cubics.g(t) for t in range(3))
    fish = cubics.mean_walk(itertools.permutations(range(3)), rate)
    assert cubics.products(cubics.phi - fish) > cubics.products(cubics.phi - plain)


def test_a_round_visits_each_language_once_whatever_the_exponent() -> None:
    plan = Fish().apply(toys.plan(toys.HOSTILE, sampler=TextSampling(1.0)))
    context = toys.context(plan)
    context.material.update(toys.corpora(plan.languages[:1], 4000))
    sampler = plan.sampler.build(context)
    rounds = [
        tuple(int(sampler.batch(first + n).language[0]) for n in range(3))
        for first in range(0, 60, 3)
    ]
    assert all(sorted(one) == [0, 1, 2] for one in rounds)
    assert len(set(rounds)) > 3
    assert toys.training(plan).step._inner_steps == 3


def test_sequential_reptile_of_as_many_steps_as_languages_is_the_same(tmp_path) -> None:
    plan = toys.plan(toys.HOSTILE, updates=6)
    ours = toys.trained(Fish(0.3).apply(plan), tmp_path / "fish")
    other = SequentialReptile(3, 0.3).apply(plan)
    assert toys.same_bits(ours, toys.trained(other, tmp_path / "sequential"))


@pytest.mark.parametrize("options", [{"outer_learning_rate": 0}, {"optimizer_state": ""}])
def test_values_that_mean_nothing_are_refused_at_the_door(options: dict[str, object]) -> None:
    with pytest.raises(InputError, match=next(iter(options))):
        build_treatment("fish", options)


def test_the_walks_are_what_they_say() -> None:
    """The gradient and the Hessian that the expansions are made of are those of one loss."""
    cubics = Cubics()
    w = cubics.phi.clone().requires_grad_()
    for t in range(3):
        jacobian = torch.autograd.functional.jacobian(lambda x, t=t: cubics.gradient(t, x), w)
        assert torch.allclose(jacobian, cubics.h(t))
        assert torch.allclose(jacobian, jacobian.T)
