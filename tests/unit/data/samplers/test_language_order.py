import itertools
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from isogloss.core import InputError, Language
from isogloss.data.samplers import LanguageOrder, LanguageQuota

# Parts of the word "adapter": order must follow from the index alone.
HOSTILE = tuple(Language(code, "Latn") for code in ("te", "ad", "er"))
SIZES = dict(zip(HOSTILE, (900.0, 300.0, 100.0), strict=True))
EQUAL = dict.fromkeys(HOSTILE, 1.0)


def drawn(order: LanguageOrder, n: int) -> list[int]:
    return [order.language(update) for update in range(n)]


@pytest.mark.parametrize("exponent", [0.0, 0.5, 1.0])
def test_shares_are_exact_where_lots_would_scatter(exponent: float) -> None:
    """After 100,000 batches within 2 of the share; lots would be off by about 150."""
    n = 100_000
    quota = LanguageQuota(SIZES, exponent)
    counts = np.bincount(drawn(LanguageOrder(SIZES, exponent, block=1000, seed=3), n))
    assert np.abs(counts - n * quota.shares).max() <= quota.deviation < 2


@given(st.integers(1, 40), st.integers(0, 200), st.sampled_from([0.0, 0.7]), st.booleans())
def test_counts_are_those_of_the_batches(
    block: int, n: int, exponent: float, grouped: bool
) -> None:
    order = LanguageOrder(SIZES, exponent, block=block, seed=1, grouped=grouped)
    assert order.counts(n).tolist() == np.bincount(drawn(order, n), minlength=3).tolist()


def test_every_order_of_a_block_is_equally_likely() -> None:
    """Chi-square over the 6 orders of 6,000 blocks; 20.5 is the 0.1 % point at 5 degrees."""
    languages = drawn(LanguageOrder(EQUAL, 0.0, block=3, seed=7), 18_000)
    orders = Counter(zip(*[iter(languages)] * 3, strict=True))
    assert set(orders) == set(itertools.permutations(range(3)))
    assert sum((count - 1000) ** 2 / 1000 for count in orders.values()) < 20.5


def test_every_arrangement_of_unequal_shares_is_equally_likely() -> None:
    """Shares of 3 : 1 have four arrangements in a block of 4; 16.3 is the 0.1 % point."""
    sizes = dict(zip(HOSTILE[:2], (3.0, 1.0), strict=True))
    languages = drawn(LanguageOrder(sizes, 1.0, block=4, seed=7), 16_000)
    places = Counter(block.index(1) for block in zip(*[iter(languages)] * 4, strict=True))
    assert sum((count - 1000) ** 2 / 1000 for count in places.values()) < 16.3


def test_grouped_batches_of_a_language_stand_together_in_a_drawn_order() -> None:
    languages = drawn(LanguageOrder(EQUAL, 0.0, block=6, seed=2, grouped=True), 600)
    orders = set()
    for block in zip(*[iter(languages)] * 6, strict=True):
        assert block[::2] == block[1::2]
        orders.add(block[::2])
    assert orders == set(itertools.permutations(range(3)))


def test_any_batch_may_be_asked_for_in_any_order() -> None:
    order = LanguageOrder(SIZES, 0.5, block=7, seed=5)
    forwards = drawn(order, 50)
    assert [order.language(update) for update in reversed(range(50))] == forwards[::-1]
    assert drawn(LanguageOrder(SIZES, 0.5, block=7, seed=5), 50) == forwards
    assert drawn(LanguageOrder(SIZES, 0.5, block=7, seed=6), 50) != forwards


def test_pinned_so_that_old_runs_can_go_on() -> None:
    pinned = [2, 1, 2, 0, 0, 1, 0, 2, 1, 0, 1, 2]
    assert drawn(LanguageOrder(EQUAL, 0.0, block=6, seed=0), 12) == pinned


def test_one_language_has_every_batch() -> None:
    alone = LanguageOrder({HOSTILE[0]: 5.0}, 0.7, block=4, seed=0)
    assert drawn(alone, 9) == [0] * 9
    assert alone.counts(9).tolist() == [9]


def test_a_block_without_batches_is_refused() -> None:
    with pytest.raises(InputError, match="at least 1 batch"):
        LanguageOrder(EQUAL, 0.0, block=0, seed=0)
