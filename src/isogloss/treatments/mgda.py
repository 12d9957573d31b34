"""MGDA: the shortest convex combination of the gradients."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from isogloss.gradients import Rule
from isogloss.training import GradientCombine, TrainingPlan


@dataclass(frozen=True)
class MGDATreatment:
    """The shortest vector in the convex hull of the gradients, by the Frank-Wolfe method.

    Attributes:
        scope: whose gradient is looked at as one: "module", "layer" or the whole "model".
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
        combine = GradientCombine(Rule("mgda"), self.scope, self.non_finite)
        return plan.replace_parts(self.name, combine=combine)

    def candidates(self) -> "tuple[MGDATreatment, ...]":
        """Return itself."""
        return (self,)
