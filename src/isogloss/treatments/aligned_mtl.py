"""Aligned-MTL: the gradients are made orthogonal and equally long."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from isogloss.gradients import Rule
from isogloss.training import GradientCombine, TrainingPlan


@dataclass(frozen=True)
class AlignedMTLTreatment:
    """The mean of the gradients after their principal components were given one common length.

    Attributes:
        scope: whose gradient is looked at as one: "module", "layer" or the whole "model".
        non_finite: "stop" or "skip" the update when a language's gradient is not finite.

    Reference:
        Senushkin, Patakin, Kuznetsov, Konushin. Independent Component Alignment for Multi-Task
        Learning. CVPR 2023, Algorithm 1. https://arxiv.org/abs/2305.19000

        @inproceedings{senushkin-etal-2023-independent,
          title = {Independent Component Alignment for Multi-Task Learning},
          author = {Senushkin, Dmitry and Patakin, Nikolay and Kuznetsov, Arseny and Konushin,
                    Anton},
          booktitle = {Proceedings of CVPR},
          year = {2023}
        }
    """

    name: ClassVar[str] = "aligned_mtl"
    parts: ClassVar[tuple[str, ...]] = ("combine",)
    separate: ClassVar[bool] = False
    claim: ClassVar[str] = (
        "The direction is the mean of gradients that were made orthogonal and equally long."
    )

    scope: Literal["module", "layer", "model"] = "model"
    non_finite: Literal["stop", "skip"] = "stop"

    def apply(self, plan: TrainingPlan) -> TrainingPlan:
        """Return the plan with this rule for its combination of gradients."""
        combine = GradientCombine(Rule("aligned_mtl"), self.scope, self.non_finite)
        return plan.replace_parts(self.name, combine=combine)

    def candidates(self) -> "tuple[AlignedMTLTreatment, ...]":
        """Return itself."""
        return (self,)
