"""Aligned-MTL: the gradients are made orthogonal and equally long."""

from typing import Any, cast

import numpy as np

from isogloss.gradients.aggregation.contract import Array, in_directions
from isogloss.gradients.aggregation.least_distance import factor


def aligned_mtl(gramian: Array) -> Array:
    """Return the weights of the mean of aligned gradients, s_min U V^T for gradients U S V^T.

    In few coordinates the gradients are M = A diag(|g|) = U S V^T, with A^T A the cosines, and the
    weights solve M w = s_min U V^T 1 / n. Jacobi's method finds small singular values beside large
    ones to all digits; an eigenvalue of the Gramian has none left.

    Args:
        gramian: G, shape [n, n], no zero on the diagonal.

    Returns:
        Shape [n].

    Example:
        >>> aligned_mtl(np.array([[5, -1], [-1, 5.25]])).round(8).tolist()
        [0.50525277, 0.49404976]

    Reference:
        Senushkin, Patakin, Kuznetsov, Konushin. Independent Component Alignment for Multi-Task
        Learning. CVPR 2023, Algorithm 1. https://arxiv.org/abs/2305.19000
    """
    from scipy.linalg import lapack

    lengths, cosines = in_directions(gramian)
    directions = factor(cosines)
    coordinates = directions * (lengths / lengths.max())
    # Of the transpose: what it calls left vectors are V. One-sided, so both sides are wanted.
    found = cast(
        tuple[Any, ...], lapack.dgejsv(np.asfortranarray(coordinates.T), joba=2, jobu=0, jobv=0)
    )
    rank, work = len(coordinates), found[3]
    values = found[0] * (work[1] / work[0]) * lengths.max()
    right, left = found[1][:, :rank], found[2][:, :rank]
    aligned = values.min() * left @ right.mean(0)
    # Weights of the aligned mean in the directions, where short gradients are as good as long ones.
    return np.linalg.pinv(directions) @ aligned / lengths
