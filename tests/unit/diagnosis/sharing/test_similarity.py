import math

import numpy as np
import pytest
from scipy.stats import pearsonr, spearmanr

from isogloss.diagnosis.sharing.similarity import (
    MEASURES,
    corrected,
    cosine,
    histogram,
    overlap,
    pearson,
    permuted,
    quadrants,
    sign_agreement,
    similarities,
    spearman,
)

DRAW = np.random.default_rng(5)
A, B = DRAW.normal(size=(2, 400))


def test_correlations_are_scipys() -> None:
    assert pearson(A, B) == pytest.approx(pearsonr(A, B).statistic, abs=1e-12)
    assert spearman(A, B) == pytest.approx(spearmanr(A, B).statistic, abs=1e-12)


def test_an_offset_makes_cosine_high_and_pearson_not() -> None:
    assert cosine(A + 10, B + 10) > 0.95
    assert abs(pearson(A + 10, B + 10)) < 0.15


def test_what_does_not_vary_has_no_correlation() -> None:
    assert math.isnan(pearson(np.ones(4), A[:4]))
    assert math.isnan(cosine(np.zeros(4), A[:4]))
    assert math.isnan(overlap(-np.ones(4), -np.ones(4)))


def test_a_control_pairs_different_seeds_only() -> None:
    own, other = [A, A + B], [B, A]
    control = similarities(own, own)
    assert control["pearson"] == pytest.approx(pearson(A, A + B))
    across = similarities(own, other)
    expected = [pearson(a, b) for a in own for b in other]
    assert across["pearson"] == pytest.approx(np.mean(expected))
    assert tuple(across) == MEASURES
    alone = [A]
    assert all(math.isnan(one) for one in similarities(alone, alone).values())


def test_shuffled_gates_are_unrelated() -> None:
    assert abs(permuted(A, A)) < 0.05
    assert permuted(A, A) == permuted(A, A)


def test_noise_is_taken_out() -> None:
    signal, errors = DRAW.normal(size=20_000), DRAW.normal(size=(4, 20_000))
    seeds = [signal + one for one in errors]
    between = similarities(seeds[:2], seeds[2:])["pearson"]
    controls = [similarities(one, one)["pearson"] for one in (seeds[:2], seeds[2:])]
    assert between == pytest.approx(0.5, abs=0.02)
    assert corrected(between, controls[0], controls[1]) == pytest.approx(1, abs=0.03)
    assert math.isnan(corrected(0.5, -0.1, 0.9))


def test_quadrants_and_agreement_count_the_same() -> None:
    found = quadrants(A, B)
    same = found.universal + found.unused
    assert same / 400 == sign_agreement(A, B)
    kept = found.universal + found.only_a + found.only_b
    assert found.universal / kept == overlap(A, B)
    assert kept + found.unused == 400


def test_bins_hold_every_group_once() -> None:
    rows = histogram(A, B, n_bins=7)
    assert [row["n"] for row in rows] == [58, 57, 57, 57, 57, 57, 57]
    assert sum(row["n"] * row["mean"] for row in rows) == pytest.approx(A.sum())
    assert (rows[0]["low"], rows[-1]["high"]) == (B.min(), B.max())
    of_itself = histogram(B, B, n_bins=7)
    assert all(row["low"] <= row["mean"] <= row["high"] for row in of_itself)
    assert len(histogram(A[:3], B[:3])) == 3
