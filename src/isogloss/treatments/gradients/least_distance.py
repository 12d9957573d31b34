"""The shortest vector with given least projections: what UPGrad, MGDA and CAGrad come down to.

Everything is in cosines C of the gradients and in weights of their directions g_i / |g_i|. Lengths
enter by the bounds alone, so that gradients of very unequal lengths lose no digits (a general
solver asked about the Gramian itself sees the longest gradient and nothing else).
"""

from typing import cast

import numpy as np

from isogloss.gradients import Array

# Eigenvalues of a matrix of cosines below this are rounding: such gradients are dependent.
DEPENDENT = 1e-14
# The squared residual at which a problem has no solution: one would be 1e14 times as long as bound.
_NONE = 1e-28
_SOLVABLE = 1e10


def in_directions(gramian: Array) -> tuple[Array, Array]:
    """Return the lengths of the gradients, shape [n], and their cosines, [n, n]."""
    lengths = np.sqrt(gramian.diagonal())
    return lengths, gramian / lengths[:, None] / lengths


def factor(cosines: Array) -> Array:
    """Return A with A^T A = C: the directions of the gradients in few coordinates, [rank, n]."""
    values, vectors = np.linalg.eigh(cosines)
    kept = values > DEPENDENT * len(cosines)
    return np.sqrt(values[kept])[:, None] * vectors[:, kept].T


def shortest(cosines: Array, least: Array) -> tuple[Array, float]:
    """Return the vector e of least length with <e, g_i / |g_i|> >= least_i for every i.

    By duality e is a combination of the directions with weights y >= 0. The dual is a problem of
    non-negative least squares, min |E y - f| with E = [A; least^T] and f = (0, .., 0, 1), which an
    active-set method solves exactly in finitely many steps (Lawson and Hanson, problem LDP).

    Args:
        cosines: C, shape [n, n], ones on the diagonal.
        least: the bounds, shape [n].

    Returns:
        y and s: the weights of e are y / s. Where s is 0 there is no such e, and y are
        weights >= 0 of a combination of the directions that is zero.

    Example:
        >>> y, s = shortest(np.eye(2), np.array([1.0, -1.0]))
        >>> (y / s).tolist()
        [1.0, 0.0]

    Reference:
        Lawson, Hanson. Solving Least Squares Problems. 1974, chapter 23, algorithm LDP.
    """
    from scipy.optimize import nnls

    if (highest := float(least.max())) <= 0:
        return np.zeros(len(least)), 1.0
    columns = np.vstack([factor(cosines), least / highest])
    # The weight of a column of another length is another number, the active set is the same.
    size = np.linalg.norm(columns, axis=0)
    target = np.zeros(len(columns))
    target[-1] = 1.0
    found, residual = cast(
        tuple[Array, float], nnls(columns / size, target, maxiter=100 * len(target))
    )
    y = found / size
    if residual**2 < _NONE:
        return y, 0.0
    return _polished(cosines, least, y * highest / residual**2), 1.0


def _polished(cosines: Array, least: Array, y: Array) -> Array:
    """Return y with its active bounds met to the last digits, where its gradients allow it."""
    active = np.flatnonzero(y)
    part = cosines[np.ix_(active, active)]
    if np.linalg.cond(part) > _SOLVABLE:
        return y
    better = np.zeros_like(y)
    better[active] = np.linalg.solve(part, least[active])
    return better if (better >= 0).all() else y
