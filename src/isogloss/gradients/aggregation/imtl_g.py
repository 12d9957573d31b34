"""IMTL-G: the direction has the same projection onto every gradient."""

import numpy as np

from isogloss.gradients.aggregation.contract import Array, in_directions
from isogloss.gradients.aggregation.least_distance import DEPENDENT, factor


def imtl_g(gramian: Array) -> Array:
    """Return the weights, in sum 1, of the direction with equal <d, g_i / |g_i|>.

    w_i = u_i / |g_i| with C u = 1, C the cosines; where gradients are linearly dependent, the u of
    least squares. Gradients that conflict and are of very unequal lengths can have a sum of w below
    0; the common projection is then negative, and every loss rises: so it is in the paper.

    Args:
        gramian: G, shape [n, n], no zero on the diagonal.

    Returns:
        Shape [n].

    Example:
        >>> imtl_g(np.array([[5, -1], [-1, 5.25]])).round(8).tolist()
        [0.50609847, 0.49390153]

    Reference:
        Liu, Li, Kuang, Xue, Chen, Yang, Liao, Zhang. Towards Impartial Multi-task Learning. ICLR
        2021, equation 6. https://openreview.net/forum?id=IMPnRXEWpvr
    """
    lengths, cosines = in_directions(gramian)
    inverse = np.linalg.pinv(factor(cosines))
    common = inverse.T @ np.ones(len(gramian))  # the vector itself, in few coordinates
    if common @ common < DEPENDENT:  # opposite gradients: the zero vector alone is as near to both
        return np.zeros(len(gramian))
    weights = (inverse @ common) / lengths
    return weights / weights.sum()
