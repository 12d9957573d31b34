"""CAGrad: the best worst-case improvement near the mean gradient."""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from isogloss.gradients import Array, Rule
from isogloss.training import GradientCombine, TrainingPlan
from isogloss.treatments.gradients.least_distance import in_directions, shortest


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
        Equation 4 of the paper of `CAGrad`.
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


@dataclass(frozen=True)
class CAGrad:
    """The direction with the best worst case, in a ball around the mean gradient.

    Attributes:
        radius: c of the paper, as a share of the length of the mean gradient.
        scope: whose gradient counts as one: "module", "layer" or the whole "model".
        non_finite: "stop" or "skip" the update when a language's gradient is not finite.

    Reference:
        Liu, Liu, Jin, Stone, Liu. Conflict-Averse Gradient Descent for Multi-task Learning. NeurIPS
        2021, Algorithm 1. https://arxiv.org/abs/2110.14048

        @inproceedings{liu-etal-2021-conflict,
          title = {Conflict-Averse Gradient Descent for Multi-task Learning},
          author = {Liu, Bo and Liu, Xingchao and Jin, Xiaojie and Stone, Peter and Liu, Qiang},
          booktitle = {Advances in Neural Information Processing Systems},
          year = {2021}
        }
    """

    name: ClassVar[str] = "cagrad"
    parts: ClassVar[tuple[str, ...]] = ("combine",)
    separate: ClassVar[bool] = False
    claim: ClassVar[str] = "The worst language gains at least as much as by the mean gradient."

    radius: Annotated[float, Field(ge=0)] = 0.4
    scope: Literal["module", "layer", "model"] = "model"
    non_finite: Literal["stop", "skip"] = "stop"

    def apply(self, plan: TrainingPlan) -> TrainingPlan:
        """Return the plan with this rule for its combination of gradients."""
        combine = GradientCombine(
            Rule(cagrad, {"radius": self.radius}), self.scope, self.non_finite
        )
        return plan.replace_parts(self.name, combine=combine)

    def candidates(self) -> "tuple[CAGrad, ...]":
        """Return itself."""
        return (self,)
