"""Dynamic weight average: a loss that stopped falling weighs more."""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from isogloss.training import DWA, LossCombine, TrainingPlan


@dataclass(frozen=True)
class DWATreatment:
    """Weights follow the ratio of each language's mean loss in the last two windows of updates.

    Attributes:
        window: updates of a window; the authors' is an epoch.
        temperature: larger = more alike.
        non_finite: "stop" or "skip" the update when a language's loss is not finite.

    Reference:
        Liu, Johns, Davison. End-to-End Multi-Task Learning with Attention. CVPR 2019, equation 7.
        https://arxiv.org/abs/1803.10704

        @inproceedings{liu-etal-2019-end,
          title = {End-to-End Multi-Task Learning with Attention},
          author = {Liu, Shikun and Johns, Edward and Davison, Andrew J.},
          booktitle = {Proceedings of CVPR},
          year = {2019}
        }
    """

    name: ClassVar[str] = "dwa"
    parts: ClassVar[tuple[str, ...]] = ("combine",)
    separate: ClassVar[bool] = False
    claim: ClassVar[str] = "The language whose loss fell less between two windows weighs more."

    window: Annotated[int, Field(ge=1)] = 100
    temperature: Annotated[float, Field(gt=0)] = 2.0
    non_finite: Literal["stop", "skip"] = "stop"

    def apply(self, plan: TrainingPlan) -> TrainingPlan:
        """Return the plan with the dynamic weights as its combination rule."""
        combine = LossCombine(DWA(self.window, self.temperature), self.non_finite)
        return plan.replace_parts(self.name, combine=combine)

    def candidates(self) -> "tuple[DWATreatment, ...]":
        """Return itself."""
        return (self,)
