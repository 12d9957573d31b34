"""UPGrad: every gradient is projected onto what conflicts with none."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from isogloss.gradients import Rule
from isogloss.training import GradientCombine, TrainingPlan


@dataclass(frozen=True)
class UPGradTreatment:
    """Each gradient is projected onto the cone of directions that conflict with no language.

    Attributes:
        scope: whose gradient is looked at as one: "module", "layer" or the whole "model".
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
        combine = GradientCombine(Rule("upgrad"), self.scope, self.non_finite)
        return plan.replace_parts(self.name, combine=combine)

    def candidates(self) -> "tuple[UPGradTreatment, ...]":
        """Return itself."""
        return (self,)
