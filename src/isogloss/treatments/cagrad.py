"""CAGrad: the best worst-case improvement near the mean gradient."""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from isogloss.gradients import Rule
from isogloss.training import GradientCombine, TrainingPlan


@dataclass(frozen=True)
class CAGradTreatment:
    """The direction with the best worst case, in a ball around the mean gradient.

    Attributes:
        radius: c of the paper, as a share of the length of the mean gradient.
        scope: whose gradient is looked at as one: "module", "layer" or the whole "model".
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
            Rule("cagrad", {"radius": self.radius}), self.scope, self.non_finite
        )
        return plan.replace_parts(self.name, combine=combine)

    def candidates(self) -> "tuple[CAGradTreatment, ...]":
        """Return itself."""
        return (self,)
