"""Nash-MTL: the languages bargain over the direction."""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from isogloss.gradients import Array, Rule
from isogloss.training import GradientCombine, TrainingPlan
from isogloss.treatments.gradients.fairgrad import fairgrad


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
        Claim 3.1 and Algorithm 1 of the paper of `NashMTL`.
    """
    w = fairgrad(gramian, alpha=1.0)
    length = float(np.sqrt(max(w @ gramian @ w, 0.0)))
    return w * (max_norm / length) if max_norm and length > max_norm else w


@dataclass(frozen=True)
class NashMTL:
    """The direction is the Nash bargaining solution: G w = 1 / w for the Gramian G.

    Found by Newton's method instead of the authors' sequence of convex programs.

    Attributes:
        max_norm: longest direction; 0 = no limit.
        scope: whose gradient counts as one: "module", "layer" or the whole "model".
        non_finite: "stop" or "skip" the update when a language's gradient is not finite.

    Reference:
        Navon, Shamsian, Achituve, Maron, Kawaguchi, Chechik, Fetaya. Multi-Task Learning as a
        Bargaining Game. ICML 2022. https://arxiv.org/abs/2202.01017

        @inproceedings{navon-etal-2022-multi,
          title = {Multi-Task Learning as a Bargaining Game},
          author = {Navon, Aviv and Shamsian, Aviv and Achituve, Idan and Maron, Haggai and
                    Kawaguchi, Kenji and Chechik, Gal and Fetaya, Ethan},
          booktitle = {Proceedings of ICML},
          year = {2022}
        }
    """

    name: ClassVar[str] = "nash_mtl"
    parts: ClassVar[tuple[str, ...]] = ("combine",)
    separate: ClassVar[bool] = False
    claim: ClassVar[str] = (
        "The direction has the same product of weight and gain for every language."
    )

    max_norm: Annotated[float, Field(ge=0)] = 1.0
    scope: Literal["module", "layer", "model"] = "model"
    non_finite: Literal["stop", "skip"] = "stop"

    def apply(self, plan: TrainingPlan) -> TrainingPlan:
        """Return the plan with the bargaining solution as its combination rule."""
        combine = GradientCombine(
            Rule(nash_mtl, {"max_norm": self.max_norm}), self.scope, self.non_finite
        )
        return plan.replace_parts(self.name, combine=combine)

    def candidates(self) -> "tuple[NashMTL, ...]":
        """Return itself."""
        return (self,)
