"""IMTL-G: the direction has the same projection onto every gradient."""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from isogloss.gradients import Array, Rule
from isogloss.training import GradientCombine, TrainingPlan
from isogloss.treatments.gradients.least_distance import DEPENDENT, factor, in_directions


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
        Equation 6 of the paper of `IMTLG`.
    """
    lengths, cosines = in_directions(gramian)
    inverse = np.linalg.pinv(factor(cosines))
    common = inverse.T @ np.ones(len(gramian))  # the vector itself, in few coordinates
    if common @ common < DEPENDENT:  # opposite gradients: the zero vector alone is as near to both
        return np.zeros(len(gramian))
    weights = (inverse @ common) / lengths
    return weights / weights.sum()


@dataclass(frozen=True)
class IMTLG:
    """The combination whose projections onto all normalised gradients are equal.

    Attributes:
        scope: whose gradient counts as one: "module", "layer" or the whole "model".
        non_finite: "stop" or "skip" the update when a language's gradient is not finite.

    Reference:
        Liu, Li, Kuang, Xue, Chen, Yang, Liao, Zhang. Towards Impartial Multi-task Learning. ICLR
        2021, section 3.1. https://openreview.net/forum?id=IMPnRXEWpvr

        @inproceedings{liu-etal-2021-towards,
          title = {Towards Impartial Multi-task Learning},
          author = {Liu, Liyang and Li, Yi and Kuang, Zhanghui and Xue, Jing-Hao and Chen, Yimin and
                    Yang, Wenming and Liao, Qingmin and Zhang, Wayne},
          booktitle = {ICLR},
          year = {2021}
        }
    """

    name: ClassVar[str] = "imtl_g"
    parts: ClassVar[tuple[str, ...]] = ("combine",)
    separate: ClassVar[bool] = False
    claim: ClassVar[str] = (
        "The direction has the same projection onto the gradient of every language, where these "
        "are linearly independent."
    )

    scope: Literal["module", "layer", "model"] = "model"
    non_finite: Literal["stop", "skip"] = "stop"

    def apply(self, plan: TrainingPlan) -> TrainingPlan:
        """Return the plan with this rule for its combination of gradients."""
        combine = GradientCombine(Rule(imtl_g), self.scope, self.non_finite)
        return plan.replace_parts(self.name, combine=combine)

    def candidates(self) -> "tuple[IMTLG, ...]":
        """Return itself."""
        return (self,)
