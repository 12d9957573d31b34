"""How alike the gates of two languages are: numbers of two vectors of logits, without a model.

pi_g > 0 means that a language keeps group g, pi_g < 0 that it does without. A group that both keep
is universal; one that only one of them keeps is specific to it; one that neither keeps is unused.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

Logits = NDArray[np.float64]

_PERMUTATIONS: Final = 20
MEASURES: Final = ("cosine", "pearson", "spearman", "sign_agreement", "overlap")


def cosine(first: Logits, second: Logits) -> float:
    """Return <a, b> / (|a| |b|); nan where one is zero.

    The similarity of Wang, Lipton and Tsvetkov (2020), as far as their code tells. An offset that
    both languages have makes it high whatever they share: read Pearson's correlation beside it.
    """
    length = float(np.linalg.norm(first) * np.linalg.norm(second))
    return float(first @ second) / length if length > 0 else math.nan


def pearson(first: Logits, second: Logits) -> float:
    """Return the correlation, the cosine of the centred logits; nan where one does not vary."""
    return cosine(first - first.mean(), second - second.mean())


def spearman(first: Logits, second: Logits) -> float:
    """Return the correlation of the ranks; nan where one does not vary."""
    return pearson(rankdata(first), rankdata(second))


def sign_agreement(first: Logits, second: Logits) -> float:
    """Return the share of the groups that both keep or both do without.

    Example:
        >>> sign_agreement(np.array([1.0, -2.0, 3.0, 1.0]), np.array([2.0, -1.0, -3.0, 0.5]))
        0.75
    """
    return float(np.mean((first > 0) == (second > 0)))


def overlap(first: Logits, second: Logits) -> float:
    """Return how many groups both keep, of those that one keeps (Jaccard); nan where none does.

    Example:
        >>> overlap(np.array([1.0, -2.0, 3.0, 1.0]), np.array([2.0, -1.0, -3.0, 0.5]))
        0.6666666666666666
    """
    either = int(((first > 0) | (second > 0)).sum())
    return int(((first > 0) & (second > 0)).sum()) / either if either else math.nan


_FUNCTIONS: Final = (cosine, pearson, spearman, sign_agreement, overlap)


def similarities(first: Sequence[Logits], second: Sequence[Logits]) -> dict[str, float]:
    """Return each of `MEASURES`, the mean over pairs of one vector of each side.

    Args:
        first: logits of one language, one vector per seed.
        second: of the other; the same object as `first` asks for the same-language control, which
            is the mean over pairs of different seeds.

    Returns:
        nan for all where there is no pair.
    """
    pairs = _pairs(first, second)
    return {
        name: float(np.mean([one(a, b) for a, b in pairs])) if pairs else math.nan
        for name, one in zip(MEASURES, _FUNCTIONS, strict=True)
    }


def _pairs(first: Sequence[Logits], second: Sequence[Logits]) -> list[tuple[Logits, Logits]]:
    if first is second:
        return [(a, b) for place, a in enumerate(first) for b in first[place + 1 :]]
    return [(a, b) for a in first for b in second]


def permuted(first: Logits, second: Logits, seed: int = 0) -> float:
    """Return Pearson's correlation after the groups of one side were shuffled: near 0.

    The mean over shuffles; a similarity that is not clear of it says nothing.
    """
    shuffle = np.random.default_rng(seed)
    found = [pearson(first, shuffle.permutation(second)) for _ in range(_PERMUTATIONS)]
    return float(np.mean(found))


def corrected(between: float, first: float, second: float) -> float:
    """Return a correlation freed of the noise of learning: r_ab / sqrt(r_aa r_bb).

    Spearman's correction for attenuation: two seeds of one language do not agree perfectly, and no
    two languages can agree better than that.

    Args:
        between: correlation of two languages.
        first: of two seeds of the one.
        second: of two seeds of the other.

    Returns:
        nan where a control is not above 0.

    Example:
        >>> round(corrected(0.4, 0.8, 0.8), 2)
        0.5
    """
    product = first * second
    return between / math.sqrt(product) if first > 0 and second > 0 else math.nan


@dataclass(frozen=True)
class Quadrants:
    """How many groups two languages keep, by the sign of their mean logits.

    Attributes:
        universal: both.
        only_a: the first alone.
        only_b: the second alone.
        unused: neither.
    """

    universal: int
    only_a: int
    only_b: int
    unused: int


def quadrants(first: Logits, second: Logits) -> Quadrants:
    """Count the four quadrants of two vectors of logits.

    Example:
        >>> quadrants(np.array([1.0, -2.0, 3.0]), np.array([2.0, -1.0, -3.0]))
        Quadrants(universal=1, only_a=1, only_b=0, unused=1)
    """
    a, b = first > 0, second > 0
    return Quadrants(
        int((a & b).sum()), int((a & ~b).sum()), int((~a & b).sum()), int((~a & ~b).sum())
    )


def histogram(first: Logits, second: Logits, *, n_bins: int = 10) -> list[dict[str, float | int]]:
    """Return what the first language's logits are where the second's are low, middling or high.

    The figure of Wang, Lipton and Tsvetkov (2020): groups sorted by the logits of the language that
    is not the pivot.

    Args:
        first: logits of the pivot.
        second: of the other language; groups are sorted by them and cut into bins of equal number.
        n_bins: of them.

    Returns:
        Per bin: `low`, `high` (of the second's logits), `n`, `mean` (of the first's logits) and
        `kept` (share of the first's above 0).
    """
    order = np.argsort(second, kind="stable")
    return [
        {
            "low": float(second[inside[0]]),
            "high": float(second[inside[-1]]),
            "n": len(inside),
            "mean": float(first[inside].mean()),
            "kept": float((first[inside] > 0).mean()),
        }
        for inside in np.array_split(order, min(n_bins, len(order)))
    ]
