"""FairGrad: alpha-fair division of the gain among the languages."""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from isogloss.core import InputError
from isogloss.gradients import Array, Rule
from isogloss.training import GradientCombine, TrainingPlan
from isogloss.treatments.gradients.least_distance import factor, in_directions

_STEPS, _TOLERANCE, _FLOOR = 500, 1e-5, 1e-9


def fairgrad(gramian: Array, alpha: float) -> Array:
    """Return the weights of the alpha-fair direction, G w = w^(-1 / alpha) with w > 0.

    It is the minimum of a convex function, w^T G w / 2 - sum_i w_i^(1 - 1/alpha) / (1 - 1/alpha)
    (log w_i for alpha = 1), found by Newton's method in u_i = w_i |g_i|:
    (C u)_i = a_i u_i^(-1 / alpha) with the cosines C and a_i = |g_i|^(1 / alpha - 1).

    Args:
        gramian: G, shape [n, n], no zero on the diagonal.
        alpha: above 0; 1 is Nash-MTL.

    Returns:
        Shape [n].

    Raises:
        InputError: alpha is far above 1 and the lengths differ so much that no weights are found.

    Example:
        >>> fairgrad(np.array([[5, -1], [-1, 5.25]]), alpha=1.0).round(8).tolist()
        [0.49850053, 0.4864867]

    Reference:
        Equation 6 of the paper of `FairGrad`.
    """
    lengths, cosines = in_directions(gramian)
    # A floor keeps the minimum where gradients cancel: there w would grow without bound.
    coordinates, power = factor(cosines), 1 / alpha
    cosines = coordinates.T @ coordinates + _FLOOR * np.eye(len(cosines))
    log_a = (power - 1) * np.log(lengths)
    u = np.exp(log_a / (1 + power))
    for _ in range(_STEPS):
        pull = np.exp(log_a - power * np.log(u))
        # Newton's step in log u; what it is of the Hessian is positive definite everywhere.
        hessian = u[:, None] * cosines * u + np.diag(power * u * pull)
        step = np.linalg.solve(hessian, u * (pull - cosines @ u))
        farthest = float(np.abs(step).max())
        u = u * np.exp(step / max(1.0, farthest))
        if farthest < _TOLERANCE:
            return u / lengths
    raise InputError(
        expected="gradients whose alpha-fair weights a computer's numbers can hold",
        found=f"lengths from {lengths.min():.1e} to {lengths.max():.1e} at alpha {alpha:g}",
        where="treatments.fairgrad.alpha",
        next_step="Use an alpha nearer to 1, which holds at any lengths.",
    )


@dataclass(frozen=True)
class FairGrad:
    """The alpha-fair direction: G w = w^(-1 / alpha) for the Gramian G.

    Attributes:
        alpha: above 0; 1 = proportional fairness (Nash-MTL), larger = nearer to the worst case.
        scope: whose gradient counts as one: "module", "layer" or the whole "model".
        non_finite: "stop" or "skip" the update when a language's gradient is not finite.

    Reference:
        Ban, Ji. Fair Resource Allocation in Multi-Task Learning. ICML 2024, Algorithm 1.
        https://arxiv.org/abs/2402.15638

        @inproceedings{ban-ji-2024-fair,
          title = {Fair Resource Allocation in Multi-Task Learning},
          author = {Ban, Hao and Ji, Kaiyi},
          booktitle = {Proceedings of ICML},
          year = {2024}
        }
    """

    name: ClassVar[str] = "fairgrad"
    parts: ClassVar[tuple[str, ...]] = ("combine",)
    separate: ClassVar[bool] = False
    claim: ClassVar[str] = "The gain of each language is its weight to the power of -1 / alpha."

    alpha: Annotated[float, Field(gt=0)] = 1.0
    scope: Literal["module", "layer", "model"] = "model"
    non_finite: Literal["stop", "skip"] = "stop"

    def apply(self, plan: TrainingPlan) -> TrainingPlan:
        """Return the plan with this rule for its combination of gradients."""
        combine = GradientCombine(
            Rule(fairgrad, {"alpha": self.alpha}), self.scope, self.non_finite
        )
        return plan.replace_parts(self.name, combine=combine)

    def candidates(self) -> "tuple[FairGrad, ...]":
        """Return itself."""
        return (self,)
