"""Gradient surgery: a language's gradient gives up what points against another's."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from isogloss.gradients import PCGrad
from isogloss.training import GradientCombine, TrainingPlan


@dataclass(frozen=True)
class PCGradTreatment:
    """Each gradient loses its part against every other one that it conflicts with.

    The sum of the paper is divided by the number of languages: without conflict the direction is
    the mean of the languages' gradients.

    Attributes:
        scope: whose gradient is looked at as one: "module", "layer" or the whole "model".
        non_finite: "stop" or "skip" the update when a language's gradient is not finite.

    Reference:
        Yu, Kumar, Gupta, Levine, Hausman, Finn. Gradient Surgery for Multi-Task Learning. NeurIPS
        2020, Algorithm 1. https://arxiv.org/abs/2001.06782

        @inproceedings{yu-etal-2020-gradient,
          title = {Gradient Surgery for Multi-Task Learning},
          author = {Yu, Tianhe and Kumar, Saurabh and Gupta, Abhishek and Levine, Sergey and
                    Hausman, Karol and Finn, Chelsea},
          booktitle = {Advances in Neural Information Processing Systems},
          year = {2020}
        }
    """

    name: ClassVar[str] = "pcgrad"
    parts: ClassVar[tuple[str, ...]] = ("combine",)
    separate: ClassVar[bool] = False
    claim: ClassVar[str] = "For two languages the direction conflicts with neither of them."

    scope: Literal["module", "layer", "model"] = "module"
    non_finite: Literal["stop", "skip"] = "stop"

    def apply(self, plan: TrainingPlan) -> TrainingPlan:
        """Return the plan with PCGrad as its combination rule."""
        combine = GradientCombine(PCGrad(), self.scope, self.non_finite)
        return plan.replace_parts(self.name, combine=combine)

    def candidates(self) -> "tuple[PCGradTreatment, ...]":
        """Return itself."""
        return (self,)
