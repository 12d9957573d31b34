"""CAGrad: the best worst-case improvement near the mean gradient."""

import numpy as np

from isogloss.gradients.aggregation.contract import Array, in_directions
from isogloss.gradients.aggregation.least_distance import shortest


def cagrad(gramian: Array, radius: float) -> Array:
    """Return the weights of d that maximises min_i <g_i, d> with |d - g_0| <= c |g_0|.

    g_0 is the mean gradient. For a worst case of at least t, d - g_0 is the shortest e with
    <e, g_i> >= t - <g_0, g_i>; the largest t is the one at which |e| = c |g_0|. (The paper solves
    the dual problem over the simplex.)

    Args:
        gramian: G, shape [n, n], no zero on the diagonal.
        radius: c, at least 0.

    Returns:
        Shape [n].

    Example:
        >>> cagrad(np.array([[5, -1], [-1, 5.25]]), radius=0.4).round(6).tolist()
        [0.713954, 0.685396]

    Reference:
        Liu, Liu, Jin, Stone, Liu. Conflict-Averse Gradient Descent for Multi-task Learning. NeurIPS
        2021, equation 4. https://arxiv.org/abs/2110.14048
    """
    from scipy.optimize import brentq

    n = len(gramian)
    lengths, cosines = in_directions(gramian)
    mean = lengths / n  # weights of the directions in g_0
    gains = cosines @ mean  # <g_0, g_i> / |g_i|
    length = float(np.sqrt(max(mean @ gains, 0.0)))

    def nearest(worst: float) -> tuple[Array, float]:
        y, s = shortest(cosines, worst / lengths - gains)
        reach = np.sqrt(max(float(y @ cosines @ y), 0.0)) if s else np.inf
        # No vector is that good, or it lies beyond the ball: both are too far.
        return y, min(float(reach), 2 * (1 + radius) * length)

    low, high = float((gains * lengths).min()), 2 * (1 + radius) * length * float(lengths.min())
    if radius * length > 0 and nearest(low)[1] < radius * length and low < high:
        finest = 1e-16 * length * float(lengths.min())
        low = brentq(
            lambda worst: nearest(worst)[1] - radius * length,
            low,
            high,
            xtol=finest,
            rtol=1e-14,
            maxiter=1000,
        )
    # What rounding asks for beyond the ball is cut off.
    y, reach = nearest(low)
    e = y * min(1.0, radius * length / reach) if reach else y
    return (mean + e) / lengths
