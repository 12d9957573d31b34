"""UPGrad: every gradient is projected onto the directions that conflict with none."""

import numpy as np

from isogloss.gradients.aggregation.contract import Array, in_directions
from isogloss.gradients.aggregation.least_distance import shortest


def upgrad(gramian: Array) -> Array:
    """Return the weights of UPGrad's direction, the mean of projected gradients.

    The projection of g_i onto the cone {d: <d, g_j> >= 0 for all j} is g_i + |g_i| e, with e the
    shortest vector with <e, g_j / |g_j|> >= -cos(g_i, g_j).

    Args:
        gramian: G, shape [n, n], no zero on the diagonal.

    Returns:
        Shape [n]. Without conflict all 1 / n (the mean).

    Example:
        >>> upgrad(np.array([[5, -1], [-1, 5.25]])).round(8).tolist()
        [0.6, 0.5952381]

    Reference:
        Quinton, Rey. Jacobian Descent for Multi-Objective Optimization. 2024, section 3.
        https://arxiv.org/abs/2406.16232
    """
    lengths, cosines = in_directions(gramian)
    weights = np.zeros(len(gramian))
    for own, row in enumerate(cosines):
        y, _ = shortest(cosines, -row)  # s > 0: -g_i itself satisfies the bounds with equality
        y[own] += 1.0
        weights += lengths[own] * y
    return weights / lengths / len(gramian)
