"""UPGrad: every gradient is projected onto what conflicts with none."""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from isogloss.gradients import Array, Rule
from isogloss.training import GradientCombine, TrainingPlan
from isogloss.treatments.gradients.least_distance import in_directions, shortest


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
        Section 3 of the paper of `UPGrad`.
    """
    lengths, cosines = in_directions(gramian)
    weights = np.zeros(len(gramian))
    for own, row in enumerate(cosines):
        y, _ = shortest(cosines, -row)  # s > 0: -g_i itself satisfies the bounds with equality
        y[own] += 1.0
        weights += lengths[own] * y
    return weights / lengths / len(gramian)


@dataclass(frozen=True)
class UPGrad:
    """Each gradient is projected onto the cone of directions that conflict with no language.

    Attributes:
        scope: whose gradient counts as one: "module", "layer" or the whole "model".
        non_finite: "stop" or "skip" the update when a language's gradient is not finite.

    Reference:
        Quinton, Rey. Jacobian Descent for Multi-Objective Optimization. 2024, section 3.
        https://arxiv.org/abs/2406.16232

        @article{quinton-rey-2024-jacobian,
          title = {Jacobian Descent for Multi-Objective Optimization},
          author = {Quinton, Pierre and Rey, Valérian},
          journal = {arXiv preprint arXiv:2406.16232},
          year = {2024}
        }
    """

    name: ClassVar[str] = "upgrad"
    parts: ClassVar[tuple[str, ...]] = ("combine",)
    separate: ClassVar[bool] = False
    claim: ClassVar[str] = (
        "The direction conflicts with no language, and is the mean where none conflict."
    )

    scope: Literal["module", "layer", "model"] = "model"
    non_finite: Literal["stop", "skip"] = "stop"

    def apply(self, plan: TrainingPlan) -> TrainingPlan:
        """Return the plan with this rule for its combination of gradients."""
        combine = GradientCombine(Rule(upgrad), self.scope, self.non_finite)
        return plan.replace_parts(self.name, combine=combine)

    def candidates(self) -> "tuple[UPGrad, ...]":
        """Return itself."""
        return (self,)
