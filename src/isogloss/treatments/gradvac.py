"""Gradient vaccine: pairs of gradients are kept at the cosine that they usually have."""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from isogloss.gradients import GradVac
from isogloss.training import GradientCombine, TrainingPlan


@dataclass(frozen=True)
class GradVacTreatment:
    """A pair of gradients with a lower cosine than usual is turned until it has the usual one.

    Targets are kept for pairs of languages, also of those absent from a batch. The sum of the
    paper is divided by the number of languages.

    Attributes:
        beta: speed of the targets; 0.01 as the authors'.
        scope: whose gradient is looked at as one: "module", "layer" or the whole "model".
        non_finite: "stop" or "skip" the update when a language's gradient is not finite.

    Reference:
        Wang, Tsvetkov, Firat, Cao. Gradient Vaccine: Investigating and Improving Multi-task
        Optimization in Massively Multilingual Models. ICLR 2021, Algorithm 1.
        https://arxiv.org/abs/2010.05874

        @inproceedings{wang-etal-2021-gradient,
          title = {Gradient Vaccine: Investigating and Improving Multi-task Optimization in
                   Massively Multilingual Models},
          author = {Wang, Zirui and Tsvetkov, Yulia and Firat, Orhan and Cao, Yuan},
          booktitle = {ICLR},
          year = {2021}
        }
    """

    name: ClassVar[str] = "gradvac"
    parts: ClassVar[tuple[str, ...]] = ("combine",)
    separate: ClassVar[bool] = False
    claim: ClassVar[str] = "A pair of gradients below its target cosine is brought to it exactly."

    beta: Annotated[float, Field(gt=0, le=1)] = 0.01
    scope: Literal["module", "layer", "model"] = "module"
    non_finite: Literal["stop", "skip"] = "stop"

    def apply(self, plan: TrainingPlan) -> TrainingPlan:
        """Return the plan with GradVac as its combination rule."""
        combine = GradientCombine(GradVac(self.beta), self.scope, self.non_finite)
        return plan.replace_parts(self.name, combine=combine)

    def candidates(self) -> "tuple[GradVacTreatment, ...]":
        """Return itself."""
        return (self,)
