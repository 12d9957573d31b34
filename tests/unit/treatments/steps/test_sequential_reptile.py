import itertools
from collections import Counter

import pytest
import torch

import toys
from isogloss.core import InputError
from isogloss.training import AdamWSettings, OptimizerStep, TrainingPlan
from isogloss.treatments import (
    SequentialReptile,
    SingleLanguageBatches,
    build_treatment,
)
from unit.treatments.walks import RATES, Cubics, constants, settles

K = 6


def block_of(plan: TrainingPlan, n: int = K) -> list[int]:
    sampler = plan.sampler.build(toys.context(plan))
    batches = [sampler.batch(update) for update in range(n)]
    assert all(len(batch.language.unique()) == 1 for batch in batches)
    return [int(batch.language[0]) for batch in batches]


class TestClaim:
    """Second order in the inner rate: inner products of different languages' gradients rise."""

    def test_languages_drawn_one_by_one_as_in_the_paper(self) -> None:
        """All 3^4 sequences: alpha K gbar - alpha^2 K (K - 1) / 2 Hbar gbar + O(alpha^3)."""
        cubics, n = Cubics(), 4
        gbar, hbar = (sum(one(t) for t in range(3)) / 3 for one in (cubics.g, cubics.h))
        found, expected = [], []
        for rate in RATES:
            found.append(cubics.mean_walk(itertools.product(range(3), repeat=n), rate))
            expected.append(rate * n * gbar - rate**2 * n * (n - 1) / 2 * hbar @ gbar)
        assert settles(constants(found, expected, 3))

    def test_exact_shares_in_an_order_drawn_by_lot_as_here(self) -> None:
        """All 90 orders of two batches each; the factor of the inner products is K^2 / 36."""
        cubics = Cubics()
        orders = sorted(set(itertools.permutations([0, 0, 1, 1, 2, 2])))
        assert len(orders) == 90
        gbar, hbar = (sum(one(t) for t in range(3)) / 3 for one in (cubics.g, cubics.h))
        own = sum(cubics.h(t) @ cubics.g(t) for t in range(3)) / 3
        second = (K**2 * hbar @ gbar - K * own) / 2
        found = [cubics.mean_walk(orders, rate) for rate in RATES]
        expected = [rate * K * gbar - rate**2 * second for rate in RATES]
        assert settles(constants(found, expected, 3))
        # The part of the term that is about different languages is the ascent of their products.
        between = second - (K**2 / 9 - K / 3) / 2 * 3 * own
        assert torch.allclose(between, K**2 / 36 * cubics.ascent_of_products())

    def test_joint_descent_with_the_same_outer_update_has_the_same_term(self) -> None:
        """What the formula does not say: the two differ from the third order on."""
        cubics, n = Cubics(), 4
        orders = list(itertools.product(range(3), repeat=n))
        gaps = []
        for rate in RATES:
            w = cubics.phi.clone()
            for _ in range(n):
                w = w - rate * sum(cubics.gradient(t, w) for t in range(3)) / 3
            gaps.append((cubics.phi - w, cubics.mean_walk(orders, rate)))
        assert settles(constants([one for one, _ in gaps], [other for _, other in gaps], 3))


def test_each_block_holds_the_languages_shares_and_is_one_inner_walk() -> None:
    plan = SequentialReptile(K).apply(toys.plan(toys.HOSTILE))
    languages = block_of(plan, 4 * K)
    blocks = [languages[first : first + K] for first in range(0, 4 * K, K)]
    assert all(Counter(block) == {0: 2, 1: 2, 2: 2} for block in blocks)
    assert len(set(map(tuple, blocks))) > 1
    assert plan.step.inner_steps == plan.sampler.block == K


def test_with_rate_1_it_is_training_with_single_language_batches(tmp_path) -> None:
    plan = toys.plan(toys.HOSTILE, updates=7)
    ours = SequentialReptile(3, outer_learning_rate=1.0).apply(plan)
    other = SingleLanguageBatches(block=3).apply(plan)
    first, second = (
        toys.trained(one, tmp_path / str(number)) for number, one in enumerate((ours, other))
    )
    assert toys.same_bits(first, second)


def test_a_fortieth_of_the_training_where_no_inner_steps_are_given() -> None:
    """98.5 % of the way to where the inner walks lead; 1000 steps would go a tenth of it."""
    plan = SequentialReptile().apply(toys.plan(updates=1000))
    assert (plan.step.inner_steps, plan.step.outer_learning_rate) == (25, 0.1)
    assert SequentialReptile(1000).apply(toys.plan()).step.inner_steps == 1000


def test_the_exponent_is_that_of_the_plan_unless_another_is_given() -> None:
    plan = toys.plan()
    context = toys.context(plan)
    english, swahili = plan.languages
    context.material.update(toys.corpora((english,), 900) | toys.corpora((swahili,), 300))
    rows = [
        SequentialReptile(4, exponent=q).apply(plan).sampler.build(context).rows_per_language(8)
        for q in (None, 1.0)
    ]
    assert [one.tolist() for one in rows] == [[16, 16], [24, 8]]


def test_inner_steps_and_their_schedule_are_the_plans() -> None:
    inner = OptimizerStep(AdamWSettings(learning_rate=3e-5), "linear", 0.1)
    plan = toys.plan(step=inner)
    assert SequentialReptile().apply(plan).step.inner == inner
    reset = SequentialReptile(optimizer_state="reset").apply(plan)
    assert reset.step.optimizer_state == "reset"


@pytest.mark.parametrize(
    "options",
    [
        {"inner_steps": 0},
        {"outer_learning_rate": 0},
        {"outer_learning_rate": 1.1},
        {"exponent": -1},
        {"exponent": float("inf")},
        {"optimizer_state": "keep"},
    ],
)
def test_values_that_mean_nothing_are_refused_at_the_door(options: dict[str, object]) -> None:
    with pytest.raises(InputError, match=next(iter(options))):
        build_treatment("sequential_reptile", options)
