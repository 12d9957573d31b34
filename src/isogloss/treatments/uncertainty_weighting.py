"""Uncertainty weighting: each loss is divided by a variance that is learned."""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from isogloss.training import LossCombine, TrainingPlan, UncertaintyWeighting


@dataclass(frozen=True)
class UncertaintyWeightingTreatment:
    """Each language's loss is divided by a variance that is learned along.

    The form for classification, which masked-LM and labelled losses are.

    Attributes:
        learning_rate: of the log-variances.
        non_finite: "stop" or "skip" the update when a language's loss is not finite.

    Reference:
        Kendall, Gal, Cipolla. Multi-Task Learning Using Uncertainty to Weigh Losses for Scene
        Geometry and Semantics. CVPR 2018, equation 10.
        https://arxiv.org/abs/1705.07115

        @inproceedings{kendall-etal-2018-multi,
          title = {Multi-Task Learning Using Uncertainty to Weigh Losses for Scene Geometry and
                   Semantics},
          author = {Kendall, Alex and Gal, Yarin and Cipolla, Roberto},
          booktitle = {Proceedings of CVPR},
          year = {2018}
        }
    """

    name: ClassVar[str] = "uncertainty_weighting"
    parts: ClassVar[tuple[str, ...]] = ("combine",)
    separate: ClassVar[bool] = False
    claim: ClassVar[str] = "The variance of a language comes to twice its loss."

    learning_rate: Annotated[float, Field(gt=0)] = 0.025
    non_finite: Literal["stop", "skip"] = "stop"

    def apply(self, plan: TrainingPlan) -> TrainingPlan:
        """Return the plan with learned variances as its combination rule."""
        combine = LossCombine(UncertaintyWeighting(self.learning_rate), self.non_finite)
        return plan.replace_parts(self.name, combine=combine)

    def candidates(self) -> "tuple[UncertaintyWeightingTreatment, ...]":
        """Return itself."""
        return (self,)
