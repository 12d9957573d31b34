"""Correlations over few languages: exact values, the size of the test, and when it is silent."""

import numpy as np
import pytest
from scipy.stats import spearmanr

from isogloss.statistics import correlation


def test_values_are_those_of_the_definitions() -> None:
    x, y = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0], [2.0, 1.0, 4.0, 3.0, 6.0, 50.0]
    found = correlation(x, y)
    assert found is not None
    # Ranks differ by 1 four times: 1 - 6 * 4 / (6 * 35).
    assert found.spearman == pytest.approx(1 - 24 / 210)
    assert found.pearson == pytest.approx(np.corrcoef(x, y)[0, 1])
    assert found.low <= found.spearman <= found.high <= 1
    assert found.n == 6


def test_the_p_value_is_the_share_of_orders() -> None:
    # Of the 720 orders of six, two have |rho| = 1.
    found = correlation(range(6), range(6), permutations=20_000)
    assert found is not None
    assert found.p_value == pytest.approx(2 / 720, abs=0.0012)
    assert found.p_value > 0


def test_ties_share_their_ranks() -> None:
    x, y = [1, 1, 2, 3, 4, 4, 5], [3, 1, 2, 2, 5, 6, 6]
    found = correlation(x, y, permutations=200)
    assert found is not None
    assert found.spearman == pytest.approx(spearmanr(x, y).statistic)


def test_measures_that_have_nothing_in_common_are_rarely_found_to() -> None:
    draw = np.random.default_rng(0)
    found = [correlation(*draw.normal(size=(2, 8)), permutations=199, seed=n) for n in range(200)]
    share = np.mean([one is not None and one.p_value <= 0.05 for one in found])
    assert share < 0.09


def test_nothing_is_said_of_few_languages_or_of_a_measure_that_is_the_same() -> None:
    assert correlation(range(5), range(5)) is None
    assert correlation([1.0] * 7, range(7)) is None
