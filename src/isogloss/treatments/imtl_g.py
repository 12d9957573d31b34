"""IMTL-G: the direction has the same projection onto every gradient."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from isogloss.gradients import Rule
from isogloss.training import GradientCombine, TrainingPlan


@dataclass(frozen=True)
class IMTLGTreatment:
    """The combination whose projections onto all normalised gradients are equal.

    Attributes:
        scope: whose gradient is looked at as one: "module", "layer" or the whole "model".
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
        combine = GradientCombine(Rule("imtl_g"), self.scope, self.non_finite)
        return plan.replace_parts(self.name, combine=combine)

    def candidates(self) -> "tuple[IMTLGTreatment, ...]":
        """Return itself."""
        return (self,)
