"""FairGrad: alpha-fair division of the gain among the languages."""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from isogloss.gradients import Rule
from isogloss.training import GradientCombine, TrainingPlan


@dataclass(frozen=True)
class FairGradTreatment:
    """The alpha-fair direction: G w = w^(-1 / alpha) for the Gramian G.

    Attributes:
        alpha: above 0; 1 = proportional fairness (Nash-MTL), larger = nearer to the worst case.
        scope: whose gradient is looked at as one: "module", "layer" or the whole "model".
        non_finite: "stop" or "skip" the update when a language's gradient is not finite.

    Reference:
        Ban, Ji. Fair Resource Allocation in Multi-Task Learning. ICML 2024, Algorithm 1.
        https://arxiv.org/abs/2402.15638

        @inproceedings{ban-ji-2024-fair,
          title = {Fair Resource Allocation in Multi-Task Learning},
          author = {Ban, Hao and Ji, Kaiyi},
          booktitle = {Proceedings of ICML},
          year = {2024}
        }
    """

    name: ClassVar[str] = "fairgrad"
    parts: ClassVar[tuple[str, ...]] = ("combine",)
    separate: ClassVar[bool] = False
    claim: ClassVar[str] = "The gain of each language is its weight to the power of -1 / alpha."

    alpha: Annotated[float, Field(gt=0)] = 1.0
    scope: Literal["module", "layer", "model"] = "model"
    non_finite: Literal["stop", "skip"] = "stop"

    def apply(self, plan: TrainingPlan) -> TrainingPlan:
        """Return the plan with this rule for its combination of gradients."""
        combine = GradientCombine(
            Rule("fairgrad", {"alpha": self.alpha}), self.scope, self.non_finite
        )
        return plan.replace_parts(self.name, combine=combine)

    def candidates(self) -> "tuple[FairGradTreatment, ...]":
        """Return itself."""
        return (self,)
