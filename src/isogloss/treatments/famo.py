"""FAMO: all losses fall at the same relative rate."""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from isogloss.training import FAMO, LossCombine, TrainingPlan


@dataclass(frozen=True)
class FAMOTreatment:
    """Weights of the losses, learned from what each step did to them (one more forward).

    Attributes:
        learning_rate: of the logits.
        weight_decay: of the logits.
        non_finite: "stop" or "skip" the update when a language's loss is not finite.

    Reference:
        Liu, Feng, Stone, Liu. FAMO: Fast Adaptive Multitask Optimization. NeurIPS 2023, Algorithm
        1. https://arxiv.org/abs/2306.03792

        @inproceedings{liu-etal-2023-famo,
          title = {{FAMO}: Fast Adaptive Multitask Optimization},
          author = {Liu, Bo and Feng, Yihao and Stone, Peter and Liu, Qiang},
          booktitle = {Advances in Neural Information Processing Systems},
          year = {2023}
        }
    """

    name: ClassVar[str] = "famo"
    parts: ClassVar[tuple[str, ...]] = ("combine",)
    separate: ClassVar[bool] = False
    claim: ClassVar[str] = "The language whose loss fell least comes to weigh more."

    learning_rate: Annotated[float, Field(gt=0)] = 0.025
    weight_decay: Annotated[float, Field(ge=0)] = 1e-3
    non_finite: Literal["stop", "skip"] = "stop"

    def apply(self, plan: TrainingPlan) -> TrainingPlan:
        """Return the plan with FAMO as its combination rule."""
        combine = LossCombine(FAMO(self.learning_rate, self.weight_decay), self.non_finite)
        return plan.replace_parts(self.name, combine=combine)

    def candidates(self) -> "tuple[FAMOTreatment, ...]":
        """Return itself."""
        return (self,)
