"""How alike two sets of vectors of parallel sentences are: centroids, linear CKA, retrieval.

All functions take representations R_l, shape [n, d] in float64, of which row i of every language is
the same sentence in it, and return numbers without unit.

Reference:
    Kornblith et al. 2019, Similarity of Neural Network Representations Revisited,
    https://arxiv.org/abs/1905.00414 (linear CKA)
    Song et al. 2012, Feature Selection via Dependence Maximization,
    https://jmlr.org/papers/v13/song12a.html (the unbiased estimator of HSIC)
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
_FEWEST_UNBIASED: Final = 4


@dataclass(frozen=True)
class CentroidDistance:
    """How far the centroids c_l = mean_i R_l[i] of two languages lie apart.

    Attributes:
        l2: ||c_s - c_t||.
        cosine: 1 - cos(c_s, c_t).
        relative: ||c_s - c_t|| / sqrt(mean_i ||R_s[i] - c_s||^2), the distance in units of the
            source language's own spread. Fine-tuning changes lengths, so compare models by it.
    """

    l2: float
    cosine: float
    relative: float


def centroid_distance(source: Array, target: Array) -> CentroidDistance:
    """Return how far the centroids of two languages lie apart.

    Args:
        source: shape [n, d].
        target: shape [m, d]; not even parallel text is needed.

    Example:
        >>> found = centroid_distance(np.array([[0.0, 1.0], [2.0, 1.0]]), np.array([[1.0, 0.0]]))
        >>> found.l2, round(found.cosine, 4), found.relative
        (1.0, 0.2929, 1.0)
    """
    c_s, c_t = source.mean(axis=0), target.mean(axis=0)
    distance = float(np.linalg.norm(c_s - c_t))
    lengths = float(np.linalg.norm(c_s) * np.linalg.norm(c_t))
    spread = float(np.sqrt(((source - c_s) ** 2).sum(axis=1).mean()))
    cosine = 1.0 - float(c_s @ c_t) / lengths if lengths else float("nan")
    return CentroidDistance(distance, cosine, distance / spread if spread else float("nan"))


def paired_distance(source: Array, target: Array, *, seed: int = 0) -> float:
    """Return the mean distance of translations over that of sentences paired at random.

    mean_i ||R_s[i] - R_t[i]|| / mean_i ||R_s[i] - R_t[p(i)]||, with p a cyclic shift of a random
    order, so that nothing meets its own translation. 1 = a translation is no nearer than any other
    sentence.

    Args:
        source: shape [n, d], n >= 2.
        target: shape [n, d].
        seed: of the random order.
    """
    order = np.random.default_rng(seed).permutation(len(source))
    own = np.linalg.norm(source - target, axis=1).mean()
    others = np.linalg.norm(source[order] - target[np.roll(order, 1)], axis=1).mean()
    return float(own / others) if others else float("nan")


def linear_cka(x: Array, y: Array, *, unbiased: bool = False) -> float:
    """Return linear centred kernel alignment, in [0, 1]; 1 for a rotation and a scale of x.

    With centred columns, ||Y^T X||_F^2 / (||X^T X||_F ||Y^T Y||_F). It is biased upwards where n is
    not many times d: a baseline of shuffled rows shows by how much, and the unbiased estimator,
    which can be negative, takes it out.

    Args:
        x: shape [n, d].
        y: shape [n, e], row i of the same sentence as row i of x.
        unbiased: use Song et al.'s estimator of HSIC, which needs n >= 4.

    Returns:
        NaN where x or y does not vary.

    Example:
        >>> x = np.array([[1.0, 0.0], [0.0, 1.0], [2.0, 2.0], [3.0, 1.0]])
        >>> y = np.array([[0.0, 1.0, 0.0], [1.0, 0.0, 1.0], [2.0, 2.0, 0.0], [1.0, 3.0, 1.0]])
        >>> round(linear_cka(x, y), 6)
        0.984251
    """
    if unbiased:
        assert len(x) >= _FEWEST_UNBIASED, "the unbiased estimator needs four rows"
        x_, y_ = (one - one.mean(axis=0) for one in (x, y))  # changes nothing but the rounding
        products = [_unbiased_hsic(a @ a.T, b @ b.T) for a, b in ((x_, y_), (x_, x_), (y_, y_))]
        return _ratio(products[0], products[1], products[2])
    x, y = x - x.mean(axis=0), y - y.mean(axis=0)
    if len(x) < max(x.shape[1], y.shape[1]):  # the same numbers from the smaller matrices
        k, m = x @ x.T, y @ y.T
        return _ratio((k * m).sum(), (k * k).sum(), (m * m).sum())
    return _ratio(*(((b.T @ a) ** 2).sum() for a, b in ((x, y), (x, x), (y, y))))


def shuffled_cka(x: Array, y: Array, *, seed: int = 0) -> float:
    """Return the linear CKA of rows that are paired at random: what no alignment at all gives."""
    order = np.random.default_rng(seed).permutation(len(x))
    return linear_cka(x[order], y[np.roll(order, 1)])


def retrieval(source: Array, target: Array) -> float:
    """Return how often a sentence's nearest neighbour by cosine is its translation.

    The mean over both directions; of equally near sentences the first is taken.

    Args:
        source: shape [n, d].
        target: shape [n, d].

    Example:
        >>> retrieval(np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([[2.0, 0.1], [1.0, 0.9]]))
        0.75
    """
    s, t = (
        one / np.maximum(np.linalg.norm(one, axis=1, keepdims=True), 1e-12)
        for one in (source, target)
    )
    cosines = s @ t.T
    own = np.arange(len(s))
    found = (cosines.argmax(axis=1) == own, cosines.argmax(axis=0) == own)
    return float(np.mean(found))


def _unbiased_hsic(k: Array, m: Array) -> float:
    """Return Song et al.'s unbiased estimate, equation 5, up to the factor that CKA cancels."""
    n = len(k)
    k, m = k - np.diag(np.diag(k)), m - np.diag(np.diag(m))
    first = (k * m).sum()
    second = k.sum() * m.sum() / ((n - 1) * (n - 2))
    third = 2 * (k.sum(axis=0) @ m.sum(axis=0)) / (n - 2)
    return float(first + second - third)


def _ratio(cross: float, own: float, other: float) -> float:
    """Return cross / sqrt(own other), NaN where nothing varies."""
    return float(cross / np.sqrt(own * other)) if own > 0 and other > 0 else float("nan")
