"""Groups of languages from an affinity, how sure they are, and whether two affinities agree."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

Matrix = NDArray[np.float64]

_SHUFFLES: Final = 2000


@dataclass(frozen=True)
class Grouping:
    """Groups by one affinity.

    Attributes:
        groups: group of each language, numbered as the languages come.
        silhouette: mean over languages, -1 to 1; nan where all are alone or in one group.
        contrast: mean affinity within groups, less that between them.
        p_random: share of random groups of the same sizes whose contrast is as large. With few
            languages it cannot be small: three and three have ten ways.
    """

    groups: tuple[int, ...]
    silhouette: float
    contrast: float
    p_random: float

    @property
    def n_groups(self) -> int:
        """How many there are."""
        return len(set(self.groups))


def group(affinity: Matrix, n_groups: int | None = None, *, seed: int = 0) -> Grouping:
    """Cluster languages by an affinity: average linkage on (largest - affinity).

    Args:
        affinity: shape [languages, languages], larger = nearer. Its two directions are averaged;
            the diagonal is not read.
        n_groups: how many; None = from 2 to languages - 1, the number with the largest silhouette.
        seed: of the random groups.

    Returns:
        The groups.

    Raises:
        ValueError: fewer than three languages, numbers that are none, or a number of groups that
            cannot be.

    Example:
        >>> near = np.array([[1, 0.9, 0.1, 0.2], [0.9, 1, 0.1, 0.1],
        ...                  [0.1, 0.1, 1, 0.8], [0.2, 0.1, 0.8, 1]])
        >>> group(near).groups
        (0, 0, 1, 1)
    """
    n = len(affinity)
    symmetric = (affinity + affinity.T) / 2
    outside = symmetric[~np.eye(n, dtype=bool)]
    if n < 3 or not np.isfinite(outside).all():
        raise ValueError("groups need three languages or more, and an affinity of each pair.")
    if n_groups is not None and not 1 < n_groups < n:
        raise ValueError(f"expected 2 to {n - 1} groups of {n} languages, found {n_groups}.")
    distance = outside.max() - symmetric
    np.fill_diagonal(distance, 0.0)
    tree = linkage(squareform(distance, checks=False), method="average")
    wanted = range(2, n) if n_groups is None else [n_groups]
    found = [_numbered(fcluster(tree, k, criterion="maxclust")) for k in wanted]
    best = max(found, key=lambda one: (silhouette(distance, one), -max(one)))
    contrast, p = _against_random(symmetric, best, seed)
    return Grouping(best, silhouette(distance, best), contrast, p)


def _numbered(labels: Sequence[int] | NDArray[np.int32]) -> tuple[int, ...]:
    """Number groups as their first members come."""
    order = list(dict.fromkeys(int(one) for one in labels))
    return tuple(order.index(int(one)) for one in labels)


def silhouette(distance: Matrix, groups: Sequence[int]) -> float:
    """Return the mean silhouette (Rousseeuw 1987); a language alone has 0.

    s = (b - a) / max(a, b), with a the mean distance to the others of one's group and b that to the
    nearest other group.

    Args:
        distance: shape [languages, languages].
        groups: of each language.
    """
    labels = np.asarray(groups)
    if len(set(groups)) < 2:
        return math.nan
    values: list[float] = []
    for place, own in enumerate(labels):
        mates = (labels == own) & (np.arange(len(labels)) != place)
        if not mates.any():
            values.append(0.0)
            continue
        a = distance[place][mates].mean()
        b = min(distance[place][labels == other].mean() for other in set(groups) - {int(own)})
        values.append(float((b - a) / max(a, b)) if max(a, b) > 0 else 0.0)
    return float(np.mean(values))


def contrast(affinity: Matrix, groups: Sequence[int]) -> float:
    """Return the mean affinity of pairs within groups, less that of pairs between them."""
    labels = np.asarray(groups)
    within = labels[:, None] == labels
    apart = ~np.eye(len(labels), dtype=bool)
    if not (within & apart).any() or within.all():
        return math.nan
    return float(affinity[within & apart].mean() - affinity[~within].mean())


def random_groups(groups: Sequence[int], seed: int) -> tuple[int, ...]:
    """Return other groups of the same sizes, drawn at random: the control of a grouping.

    Args:
        groups: of each language.
        seed: of the draw.

    Returns:
        Groups that are not the same ones where there are others.
    """
    draw = np.random.default_rng(seed)
    for _ in range(_SHUFFLES):
        found = _numbered(draw.permutation(np.asarray(groups)))
        if found != tuple(groups):
            return found
    return tuple(groups)


def _against_random(affinity: Matrix, groups: Sequence[int], seed: int) -> tuple[float, float]:
    found = contrast(affinity, groups)
    if not math.isfinite(found):
        return found, math.nan
    draw = np.random.default_rng(seed)
    labels = np.asarray(groups)
    drawn = [contrast(affinity, draw.permutation(labels).tolist()) for _ in range(_SHUFFLES)]
    as_large = sum(one >= found - 1e-12 for one in drawn)
    return found, (as_large + 1) / (_SHUFFLES + 1)


def adjusted_rand(first: Sequence[int], second: Sequence[int]) -> float:
    """Return the adjusted Rand index of two groupings: 1 = the same, 0 = as chance has it.

    Of pairs of languages: (together in both - expected) / (mean of the two - expected).

    Args:
        first: group of each language.
        second: of the same languages.

    Returns:
        At most 1; 1 where both put all languages together, or all apart.

    Example:
        >>> adjusted_rand([0, 0, 1, 1], [1, 1, 0, 0])
        1.0
        >>> round(adjusted_rand([0, 0, 1, 2], [0, 0, 1, 1]), 3)
        0.571

    Reference:
        Hubert, Arabie. Comparing Partitions. Journal of Classification 2, 1985, equation 5.
        https://doi.org/10.1007/BF01908075
    """
    a, b = np.asarray(first), np.asarray(second)
    table = np.array([[((a == i) & (b == j)).sum() for j in set(second)] for i in set(first)])
    both = _pairs(table).sum()
    of_first, of_second = _pairs(table.sum(1)).sum(), _pairs(table.sum(0)).sum()
    total = math.comb(len(a), 2)
    expected = of_first * of_second / total
    most = (of_first + of_second) / 2
    return 1.0 if most == expected else float((both - expected) / (most - expected))


def _pairs(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    return counts * (counts - 1) / 2
