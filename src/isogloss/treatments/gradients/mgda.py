"""MGDA: the shortest convex combination of the gradients."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from isogloss.gradients import Array, Rule
from isogloss.training import GradientCombine, TrainingPlan
from isogloss.treatments.gradients.least_distance import in_directions, shortest


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
        Problem 3 of the paper of `MGDA`.
    """
    lengths, cosines = in_directions(gramian)
    y, _ = shortest(cosines, lengths.min() / lengths)
    weights = y / lengths
    return weights / weights.sum()


@dataclass(frozen=True)
class MGDA:
    """The shortest vector in the convex hull of the gradients, solved exactly.

    Attributes:
        scope: whose gradient counts as one: "module", "layer" or the whole "model".
        non_finite: "stop" or "skip" the update when a language's gradient is not finite.

    Reference:
        Sener, Koltun. Multi-Task Learning as Multi-Objective Optimization. NeurIPS 2018, Algorithm
        2. https://arxiv.org/abs/1810.04650

        @inproceedings{sener-koltun-2018-multi,
          title = {Multi-Task Learning as Multi-Objective Optimization},
          author = {Sener, Ozan and Koltun, Vladlen},
          booktitle = {Advances in Neural Information Processing Systems},
          year = {2018}
        }
    """

    name: ClassVar[str] = "mgda"
    parts: ClassVar[tuple[str, ...]] = ("combine",)
    separate: ClassVar[bool] = False
    claim: ClassVar[str] = "The direction is a convex combination and conflicts with no language."

    scope: Literal["module", "layer", "model"] = "model"
    non_finite: Literal["stop", "skip"] = "stop"

    def apply(self, plan: TrainingPlan) -> TrainingPlan:
        """Return the plan with this rule for its combination of gradients."""
        combine = GradientCombine(Rule(mgda), self.scope, self.non_finite)
        return plan.replace_parts(self.name, combine=combine)

    def candidates(self) -> "tuple[MGDA, ...]":
        """Return itself."""
        return (self,)
