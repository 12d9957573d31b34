import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from isogloss.core import METRICS, InputError
from isogloss.statistics import difference, judge

ACCURACY, F1, BITS = METRICS["accuracy"], METRICS["entity_f1"], METRICS["bits_per_byte"]


def answers(right: np.ndarray) -> np.ndarray:
    return np.stack([right, np.ones_like(right)], axis=-1).astype(float)


def spans(rng: np.random.Generator, n_seeds: int = 3, n_examples: int = 200) -> np.ndarray:
    gold = rng.poisson(1.5, n_examples)
    found = rng.binomial(gold, 0.7, (n_seeds, n_examples))
    extra = rng.poisson(0.3, found.shape)
    return np.stack([found, found + extra, np.broadcast_to(gold, found.shape)], -1).astype(float)


def test_accuracy_with_one_seed_is_the_paired_t_test(rng: np.random.Generator) -> None:
    first, second = rng.random((2, 1, 150)) < np.array([0.8, 0.7])[:, None, None]
    found = difference(answers(first), answers(second), ACCURACY)
    expected = stats.ttest_rel(first[0].astype(float), second[0].astype(float))
    interval = expected.confidence_interval(0.95)
    assert np.isclose(found.p, expected.pvalue, atol=1e-9, rtol=0)
    assert np.isclose(found.ci_low, interval.low, atol=1e-9, rtol=0)
    assert np.isclose(found.ci_high, interval.high, atol=1e-9, rtol=0)
    assert np.isclose(found.estimate, first.mean() - second.mean(), atol=1e-12)
    assert found.seed_variance_unknown


def test_positive_means_the_treated_system_is_worse(rng: np.random.Generator) -> None:
    n_bytes = rng.integers(5, 50, (1, 60))
    few, many = np.stack([n_bytes * 1.0, n_bytes], -1), np.stack([n_bytes * 1.5, n_bytes], -1)
    assert np.isclose(difference(few, many, BITS).estimate, 0.5)
    good, bad = answers(np.ones((1, 9))), answers(np.zeros((1, 9)))
    assert difference(good, bad, ACCURACY).estimate == 1.0


@pytest.mark.parametrize("paired_seeds", [True, False])
def test_swapping_the_sides_turns_the_sign(rng: np.random.Generator, paired_seeds: bool) -> None:
    first, second = spans(rng), spans(rng)
    there = difference(first, second, F1, paired_seeds=paired_seeds)
    back = difference(second, first, F1, paired_seeds=paired_seeds)
    assert np.isclose(there.estimate, -back.estimate, atol=1e-12)
    assert np.isclose(there.ci_low, -back.ci_high, atol=1e-12)
    assert np.isclose(there.p, back.p, atol=1e-12)
    assert np.isclose(there.mde, back.mde, atol=1e-12)


@pytest.mark.parametrize("n_seeds", [1, 3])
def test_a_system_does_not_differ_from_itself(rng: np.random.Generator, n_seeds: int) -> None:
    counts = spans(rng, n_seeds)
    found = difference(counts, counts, F1, paired_seeds=True)
    assert (found.estimate, found.p, found.ci_low, found.ci_high) == (0.0, 1.0, 0.0, 0.0)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.floats(1e-3, 1e3))
def test_units_scale_everything_but_p(seed: int, scale: float) -> None:
    generator = np.random.default_rng(seed)
    bits, n_bytes = generator.gamma(2.0, 1.0, (2, 3, 50)), generator.integers(1, 30, 50)
    counts = [np.stack([side, np.broadcast_to(n_bytes, side.shape)], -1) for side in bits]
    scaled = [side * np.array([scale, 1.0]) for side in counts]
    plain, wide = difference(*counts, BITS), difference(*scaled, BITS)
    assert np.isclose(wide.estimate, scale * plain.estimate, atol=1e-12 * scale)
    assert np.isclose(wide.mde, scale * plain.mde)
    assert np.isclose(wide.p, plain.p)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 5), st.sampled_from([0.05, 0.2]))
def test_p_is_below_alpha_exactly_when_the_interval_leaves_zero_out(
    seed: int, n_seeds: int, alpha: float
) -> None:
    generator = np.random.default_rng(seed)
    right = generator.random((2, n_seeds, 60)) < np.array([0.8, 0.65])[:, None, None]
    found = difference(answers(right[0]), answers(right[1]), ACCURACY, alpha=alpha)
    assert (found.p < alpha) == (not found.ci_low <= 0.0 <= found.ci_high)


def test_as_gain_turns_the_sign_and_keeps_the_rest(rng: np.random.Generator) -> None:
    found = difference(spans(rng), spans(rng), F1)
    gain = found.as_gain()
    assert (gain.estimate, gain.ci_low, gain.ci_high) == (
        -found.estimate,
        -found.ci_high,
        -found.ci_low,
    )
    assert (gain.p, gain.mde, gain.n_seeds) == (found.p, found.mde, found.n_seeds)


def test_other_numbers_of_seeds_are_fine_unless_paired(rng: np.random.Generator) -> None:
    counts = spans(rng, 5)
    assert difference(counts[:3], counts, F1).n_seeds == 3
    with pytest.raises(InputError, match="3 and 5"):
        difference(counts[:3], counts, F1, paired_seeds=True)


def test_a_constant_difference_is_certain_only_as_far_as_its_examples_reach() -> None:
    found = difference(answers(np.ones((2, 6))), answers(np.zeros((2, 6))), ACCURACY)
    assert found.p == 2.0**-5


def test_stricter_levels_need_larger_effects(rng: np.random.Generator) -> None:
    found = difference(spans(rng), spans(rng), F1)
    assert np.isclose(found.mde_at(0.05), found.mde)
    assert found.mde_at(0.05 / 12) > found.mde


def test_a_table_of_twelve_languages_is_fast(rng: np.random.Generator) -> None:
    table = [(spans(rng, 5, 1_000), spans(rng, 5, 1_000)) for _ in range(12)]
    started = time.perf_counter()
    judge([difference(*pair, F1) for pair in table], F1)
    assert time.perf_counter() - started < 2.0


@pytest.mark.parametrize("seed_spread", [0.1, 0.3])
def test_level_with_three_seeds(rng: np.random.Generator, seed_spread: float) -> None:
    """A small fold count and a wide band; `benchmarks/error_rates.py` has the 1,000 folds."""
    rejected = 0
    for _ in range(300):
        difficulty = rng.normal(0, 1, 300)
        quality = rng.normal(0, seed_spread, (2, 3, 1)) + rng.normal(0, 0.5, (2, 1, 300))
        right = rng.random((2, 3, 300)) < 1 / (1 + np.exp(difficulty - quality))
        rejected += difference(answers(right[0]), answers(right[1]), ACCURACY).p < 0.05
    assert 0.01 <= rejected / 300 <= 0.1


def test_in_another_unit_it_is_the_same_comparison() -> None:
    generator = np.random.default_rng(2)
    sides = generator.random((2, 3, 80)) < 0.7
    counts = np.stack([sides, np.ones_like(sides)], axis=-1).astype(float)
    one = difference(counts[0], counts[1], METRICS["accuracy"])
    points = one.scaled(100.0)
    assert points.estimate == pytest.approx(100 * one.estimate)
    assert points.ci_low == pytest.approx(100 * one.ci_low)
    assert points.p == pytest.approx(one.p)
    assert points.mde == pytest.approx(100 * one.mde)
