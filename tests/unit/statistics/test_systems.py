"""Comparisons of finished systems against exact tests, permutations, bootstraps and simulations."""

import math

import numpy as np
import pytest
from scipy import stats

from isogloss.core import METRICS, InputError
from isogloss.statistics import (
    approximate_randomisation,
    hierarchical_bootstrap,
    mean_system_difference,
    system_difference,
)

ACCURACY, WER, SCORE = (METRICS[name] for name in ("accuracy", "word_error_rate", "mean_score"))


def binary(rng: np.random.Generator, n: int, share: float = 0.7) -> np.ndarray:
    return np.column_stack([rng.random(n) < share, np.ones(n)]).astype(float)


def word_errors(rng: np.random.Generator, n: int) -> list[np.ndarray]:
    """Return word errors of two systems on the same recordings: many without, a few with many."""
    words = rng.integers(3, 40, n)
    hard = rng.gamma(0.5, 0.2, n)
    return [np.column_stack([rng.poisson(hard * words), words]).astype(float) for _ in range(2)]


def test_binary_data_have_the_exact_test_of_mcnemar() -> None:
    rng = np.random.default_rng(0)
    base, new = binary(rng, 900), binary(rng, 900, 0.66)
    found = system_difference(base, new, ACCURACY)
    broke = int(((base > new)[:, 0]).sum())
    mended = int(((base < new)[:, 0]).sum())
    assert found.p == pytest.approx(stats.binomtest(broke, broke + mended).pvalue, rel=1e-12)
    assert found.test == "McNemar, exact"
    assert found.estimate == pytest.approx((broke - mended) / 900)
    assert found.examples_only


def test_graded_data_agree_with_a_paired_permutation_test() -> None:
    rng = np.random.default_rng(1)
    hard = rng.random(400)
    base = np.clip(hard + 0.2 * rng.standard_normal(400), 0, 1)
    for shift in (0.0, 0.015, 0.03):
        new = np.clip(hard - shift + 0.2 * rng.standard_normal(400), 0, 1)
        sides = [np.column_stack([one, np.ones(400)]) for one in (base, new)]
        expected = approximate_randomisation(
            *(one[None] for one in sides), SCORE, n_shuffles=10_000
        )
        assert system_difference(*sides, SCORE).p == pytest.approx(expected, abs=0.01)


def test_a_corpus_rate_agrees_with_the_bootstrap_and_is_no_mean_of_sentences() -> None:
    base, new = word_errors(np.random.default_rng(2), 1500)
    found = system_difference(base, new, WER)
    assert found.base == pytest.approx(base[:, 0].sum() / base[:, 1].sum())
    low, high = found.interval()
    expected = hierarchical_bootstrap(base[None], new[None], WER, n_resamples=4000)
    assert (low, high) == pytest.approx(expected, abs=0.1 * (high - low))
    assert found.estimate != pytest.approx((new[:, 0] / new[:, 1] - base[:, 0] / base[:, 1]).mean())


def test_f1_is_that_of_the_summed_counts() -> None:
    counts = [[2, 3, 2], [0, 0, 1], [1, 1, 1], [0, 2, 0]]
    assert system_difference(counts, counts, METRICS["entity_f1"]).base == pytest.approx(2 * 3 / 10)


def test_examples_of_a_passage_count_as_what_they_are() -> None:
    rng = np.random.default_rng(3)
    passages = np.repeat(np.arange(60), 10)
    shift = np.repeat(rng.random(60) < 0.5, 10)
    base = np.column_stack([rng.random(600), np.ones(600)])
    new = base.copy()
    new[:, 0] += np.where(shift, 0.2, -0.2)
    alone = system_difference(base, new, SCORE)
    clustered = system_difference(base, new, SCORE, clusters=passages)
    assert clustered.difference.standard_error > 2.5 * alone.difference.standard_error
    assert (clustered.n_units, clustered.n_examples, clustered.test) == (60, 600, "t of clusters")
    sums = [side.reshape(60, 10, 2).sum(axis=1)[None] for side in (base, new)]
    expected = approximate_randomisation(*sums, SCORE, n_shuffles=10_000)
    assert clustered.p == pytest.approx(expected, abs=0.01)


def test_several_seeds_are_a_second_source() -> None:
    rng = np.random.default_rng(4)
    rates = 0.7 + 0.05 * rng.standard_normal((2, 4, 1))
    right = rng.random((2, 4, 2000)) < rates
    base, new = np.stack([right, np.ones_like(right)], axis=-1).astype(float)
    found = system_difference(base, new, ACCURACY)
    assert not found.examples_only
    assert found.binary is None
    assert found.interval()[1] > system_difference(base[:1], new[:1], ACCURACY).interval()[1]


def test_nothing_changed_says_little_where_there_is_little() -> None:
    few = system_difference([[0.5, 1]] * 5, [[0.5, 1]] * 5, SCORE)
    many = system_difference([[0.5, 1]] * 5000, [[0.5, 1]] * 5000, SCORE)
    assert few.p == many.p == 1.0
    assert few.p_no_difference(0.01) > 0.5
    assert many.p_no_difference(0.01) < 1e-6
    assert few.interval()[1] > 0.1 > many.interval()[1]
    assert (
        math.isnan(few.mde()) and math.isnan(few.power(0.1)) and math.isnan(few.examples_needed(1))
    )


def test_a_constant_change_is_beyond_any_margin_below_it() -> None:
    found = system_difference([[0.5, 1]] * 50, [[0.4, 1]] * 50, SCORE)
    assert found.p_no_difference(0.05) == 1.0
    assert found.p_harm_below(0.2) == 0.0


@pytest.mark.parametrize("metric", [ACCURACY, WER])
def test_the_effect_that_is_detectable_is_found_as_often_as_promised(metric: object) -> None:
    rng = np.random.default_rng(5)
    sides = word_errors(rng, 800) if metric is WER else [binary(rng, 800) for _ in range(2)]
    found = system_difference(*sides, metric)  # type: ignore[arg-type]
    mde = found.mde(0.01)
    assert found.power(mde, 0.01) == pytest.approx(0.8, abs=0.01)
    assert found.examples_needed(mde, 0.01) == pytest.approx(800, rel=0.03)
    assert found.examples_needed(mde / 2, 0.01) == pytest.approx(3200, rel=0.06)


def test_a_mean_weighs_test_sets_alike() -> None:
    rng = np.random.default_rng(6)
    pairs = [(binary(rng, n, 0.9), binary(rng, n, 0.8)) for n in (200, 2000)]
    parts = [system_difference(*pair, ACCURACY) for pair in pairs]
    found = mean_system_difference(pairs, ACCURACY)
    assert found.estimate == pytest.approx(sum(one.estimate for one in parts) / 2)
    variance = sum(one.difference.uncertainty.variance for one in parts) / 4
    assert found.difference.uncertainty.variance == pytest.approx(variance, rel=0.02)
    clusters = [np.arange(n) // 2 for n in (200, 2000)]
    assert mean_system_difference(pairs, ACCURACY, clusters=clusters).clustered


def test_clusters_have_the_length_of_the_examples() -> None:
    with pytest.raises(InputError, match="a cluster for each test example"):
        system_difference([[1, 1]] * 4, [[1, 1]] * 4, ACCURACY, clusters=[0, 1])


@pytest.mark.parametrize("clustered", [False, True])
def test_level_and_coverage(clustered: bool) -> None:
    """A small version of benchmarks/comparison_levels.py."""
    rng = np.random.default_rng(7)
    rejected, covered, n_runs = 0, 0, 300
    clusters = np.repeat(np.arange(80), 5)
    for _ in range(n_runs):
        hard = rng.random(400) * 0.5
        hard += 0.5 * (np.repeat(rng.random(80), 5) if clustered else rng.random(400))
        sides = []
        for shift in (0.0, 0.02):
            own = np.repeat(rng.standard_normal(80), 5) if clustered else rng.standard_normal(400)
            noise = 0.15 * own + 0.05 * rng.standard_normal(400)
            sides.append(np.column_stack([hard - shift + noise, np.ones(400)]))
        found = system_difference(*sides, SCORE, clusters=clusters if clustered else None)
        low, high = found.interval()
        covered += low <= 0.02 <= high
        shifted = sides[1] + [0.02, 0.0]
        rejected += (
            system_difference(sides[0], shifted, SCORE, clusters=clusters if clustered else None).p
            < 0.05
        )
    assert 0.91 <= covered / n_runs <= 0.98
    assert 0.02 <= rejected / n_runs <= 0.09
