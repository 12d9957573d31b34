"""Whether two measures agree over few languages: correlations with a permutation test."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

FEWEST: Final = 6
"""Languages below which nothing is said: of 5 there are 120 orders, and one outlier decides."""
Array = NDArray[np.float64]


@dataclass(frozen=True)
class Correlation:
    """How two measures of the same languages go together.

    Attributes:
        n: languages.
        spearman: correlation of ranks, -1 to 1.
        pearson: correlation of values.
        p_value: share of permutations, the one that was seen among them, with a |Spearman| at
            least as large; two-sided.
        low: lower end of the 95 % bootstrap interval of Spearman's, over languages.
        high: its upper end.
    """

    n: int
    spearman: float
    pearson: float
    p_value: float
    low: float
    high: float


def correlation(
    x: Sequence[float], y: Sequence[float], *, permutations: int = 10_000, seed: int = 0
) -> Correlation | None:
    """Return the correlation of two measures over languages, with its permutation test.

    Languages are few and related, so no formula for large n is used: ranks are permuted. What is
    tested is that the measures have nothing to do with one another; languages of one family count
    as independent, which makes the p-value too small where families differ in both.

    Args:
        x: one number per language.
        y: another one, in the same order.
        permutations: orders that are drawn, and samples of the bootstrap.
        seed: of the draws.

    Returns:
        None with fewer than 6 languages, or where a measure is the same for all of them: could not
        measure.

    Reference:
        Phipson and Smyth 2010, Permutation P-values Should Never Be Zero,
        https://doi.org/10.2202/1544-6115.1585
    """
    first, second = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    assert first.shape == second.shape, "one number of each measure per language"
    if len(first) < FEWEST or np.ptp(first) == 0 or np.ptp(second) == 0:
        return None
    # All of scipy.stats takes a second to load, which no other statistic needs.
    from scipy.stats import rankdata

    draw = np.random.default_rng(seed)
    ranks, others = rankdata(first), rankdata(second)
    seen = float(_pearson(ranks, others))
    drawn = _pearson(ranks, draw.permuted(np.tile(others, (permutations, 1)), axis=1))
    # Equal orders differ in the last digit.
    p_value = (1 + int((np.abs(drawn) >= abs(seen) - 1e-12).sum())) / (1 + permutations)
    chosen = draw.integers(len(first), size=(permutations, len(first)))
    sampled = _pearson(rankdata(first[chosen], axis=1), rankdata(second[chosen], axis=1))
    low, high = np.nanquantile(sampled, (0.025, 0.975))
    pearson = float(_pearson(first, second))
    return Correlation(len(first), seen, pearson, p_value, float(low), float(high))


def _pearson(x: Array, y: Array) -> Array:
    """Return Pearson's correlation along the last axis; NaN where one side does not vary."""
    x, y = (one - one.mean(axis=-1, keepdims=True) for one in (x, y))
    length = np.sqrt((x * x).sum(axis=-1) * (y * y).sum(axis=-1))
    cross = (x * y).sum(axis=-1)
    return np.divide(cross, length, out=np.full_like(cross, np.nan), where=length > 0)
