import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isogloss.core import Language
from isogloss.data.samplers.language_quota import LanguageQuota

CODES = [f"q{second}{third}" for second in "abcdef" for third in "abcdefghijklmnopqrst"]
LANGUAGES = [Language(code, "Latn") for code in CODES]


def quota_of(sizes: list[int], exponent: float = 1.0) -> LanguageQuota:
    return LanguageQuota(dict(zip(LANGUAGES, sizes, strict=False)), exponent)


SIZES = st.lists(st.integers(1, 10**9), min_size=1, max_size=40)


@given(SIZES, st.sampled_from([0.0, 0.3, 0.7, 1.0, 2.0]), st.integers(0, 10**9))
def test_counts_sum_to_the_rows_and_stay_at_their_share(
    sizes: list[int], exponent: float, n_rows: int
) -> None:
    quota = quota_of(sizes, exponent)
    counts = quota.counts(n_rows)
    assert counts.sum() == n_rows
    slack = 1e-12 * n_rows + 1e-9  # the shares themselves are floats
    assert np.abs(counts - n_rows * quota.shares).max() <= quota.deviation + slack


@given(SIZES)
def test_no_mixture_is_off_by_two_rows(sizes: list[int]) -> None:
    assert quota_of(sizes).deviation < 1.7


@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=3))
def test_up_to_three_languages_stay_within_one_row(sizes: list[int]) -> None:
    assert quota_of(sizes).deviation <= 1.0


@settings(max_examples=120)
@given(st.integers(1, 120))
def test_equal_languages_stay_within_a_row_and_an_eighth(n_languages: int) -> None:
    assert quota_of([7] * n_languages).deviation < 1.125


@settings(max_examples=30)
@given(SIZES, st.integers(0, 10**7))
def test_each_further_row_belongs_to_one_language(sizes: list[int], first: int) -> None:
    quota = quota_of(sizes)
    counts = np.stack([quota.counts(first + step) for step in range(60)])
    steps = np.diff(counts, axis=0)
    assert steps.min() == 0 or len(sizes) == 1
    assert (steps.sum(axis=1) == 1).all()


def test_the_worst_mixture_known_stays_within_its_bound() -> None:
    # Fibonacci's numbers beside a speck: the deepest tree that Huffman builds.
    sizes = [0.01, 1, 1, 2, 3, 5, 8, 13, 21, 34, 55]
    quota = quota_of(sizes)
    rows = range(3000)
    off = max(np.abs(quota.counts(n) - n * quota.shares).max() for n in rows)
    assert off <= quota.deviation < 1.7


def test_one_language_gets_everything() -> None:
    assert quota_of([5]).counts(17).tolist() == [17]


def test_a_share_too_small_for_a_float_gets_nothing_and_harms_nobody() -> None:
    quota = quota_of([1, 2, 10**9, 10**9], exponent=1000.0)
    assert quota.counts(10).tolist() == [0, 0, 5, 5]


def test_equal_divisions_are_exact() -> None:
    assert quota_of([3, 1]).counts(4 * 25).tolist() == [75, 25]


def test_values_are_pinned() -> None:
    quota = quota_of([900, 90, 10], exponent=0.7)
    assert quota.counts(100).tolist() == [80, 16, 4]
    assert quota.shares.tolist() == pytest.approx([0.8049, 0.1606, 0.0345], abs=1e-4)
