"""MGDA: the shortest convex combination of the gradients."""

from isogloss.gradients.aggregation.contract import Array, in_directions
from isogloss.gradients.aggregation.least_distance import shortest


def mgda(gramian: Array) -> Array:
    """Return the weights of the shortest vector m in the convex hull of the gradients.

    m / |m|^2 is the shortest vector whose product with every gradient is at least 1. (The paper
    approximates m by the Frank-Wolfe method, whose error is as large as m where lengths differ.)

    Args:
        gramian: G, shape [n, n], no zero on the diagonal.

    Returns:
        Shape [n], none below 0, in sum 1.

    Example:
        >>> import numpy as np
        >>> mgda(np.array([[5, -1], [-1, 5.25]])).round(8).tolist()
        [0.51020408, 0.48979592]

    Reference:
        Sener, Koltun. Multi-Task Learning as Multi-Objective Optimization. NeurIPS 2018, problem 3.
        https://arxiv.org/abs/1810.04650
    """
    lengths, cosines = in_directions(gramian)
    y, _ = shortest(cosines, lengths.min() / lengths)
    weights = y / lengths
    return weights / weights.sum()
