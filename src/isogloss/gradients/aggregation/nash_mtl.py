"""Nash-MTL: the direction on which the languages would agree in a bargain."""

import numpy as np

from isogloss.gradients.aggregation.contract import Array
from isogloss.gradients.aggregation.fairgrad import fairgrad


def nash_mtl(gramian: Array, max_norm: float) -> Array:
    """Return the weights of the Nash bargaining solution, G w = 1 / w with w > 0.

    The paper approximates the solution by a sequence of convex programs. It is the alpha-fair one
    for alpha = 1, the minimum of the convex function w^T G w / 2 - sum_i log w_i.

    Args:
        gramian: G, shape [n, n].
        max_norm: the direction is shortened to this length; 0 = never.

    Returns:
        Shape [n].

    Example:
        >>> nash_mtl(np.array([[5, -1], [-1, 5.25]]), 1.0).round(8).tolist()
        [0.3524931, 0.34399804]

    Reference:
        Navon, Shamsian, Achituve, Maron, Kawaguchi, Chechik, Fetaya. Multi-Task Learning as a
        Bargaining Game. ICML 2022, Claim 3.1 and Algorithm 1. https://arxiv.org/abs/2202.01017
    """
    w = fairgrad(gramian, alpha=1.0)
    length = float(np.sqrt(max(w @ gramian @ w, 0.0)))
    return w * (max_norm / length) if max_norm and length > max_norm else w
