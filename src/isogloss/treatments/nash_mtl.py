"""Nash-MTL: the languages bargain over the direction."""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from isogloss.gradients import Rule
from isogloss.training import GradientCombine, TrainingPlan


@dataclass(frozen=True)
class NashMTLTreatment:
    """The direction is the Nash bargaining solution: G w = 1 / w for the Gramian G.

    Found by Newton's method instead of the authors' sequence of convex programs.

    Attributes:
        max_norm: longest direction; 0 = no limit.
        scope: whose gradient is looked at as one: "module", "layer" or the whole "model".
        non_finite: "stop" or "skip" the update when a language's gradient is not finite.

    Reference:
        Navon, Shamsian, Achituve, Maron, Kawaguchi, Chechik, Fetaya. Multi-Task Learning as a
        Bargaining Game. ICML 2022. https://arxiv.org/abs/2202.01017

        @inproceedings{navon-etal-2022-multi,
          title = {Multi-Task Learning as a Bargaining Game},
          author = {Navon, Aviv and Shamsian, Aviv and Achituve, Idan and Maron, Haggai and
                    Kawaguchi, Kenji and Chechik, Gal and Fetaya, Ethan},
          booktitle = {Proceedings of ICML},
          year = {2022}
        }
    """

    name: ClassVar[str] = "nash_mtl"
    parts: ClassVar[tuple[str, ...]] = ("combine",)
    separate: ClassVar[bool] = False
    claim: ClassVar[str] = (
        "The direction has the same product of weight and gain for every language."
    )

    max_norm: Annotated[float, Field(ge=0)] = 1.0
    scope: Literal["module", "layer", "model"] = "model"
    non_finite: Literal["stop", "skip"] = "stop"

    def apply(self, plan: TrainingPlan) -> TrainingPlan:
        """Return the plan with the bargaining solution as its combination rule."""
        combine = GradientCombine(
            Rule("nash_mtl", {"max_norm": self.max_norm}), self.scope, self.non_finite
        )
        return plan.replace_parts(self.name, combine=combine)

    def candidates(self) -> "tuple[NashMTLTreatment, ...]":
        """Return itself."""
        return (self,)
