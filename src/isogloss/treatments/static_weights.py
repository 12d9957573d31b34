"""Static weights, tuned: the sceptic's baseline for every way to combine gradients."""

import math
from dataclasses import dataclass
from typing import ClassVar, Literal

from isogloss.core import InputError
from isogloss.training import LossCombine, StaticWeights, TrainingPlan


@dataclass(frozen=True)
class StaticWeightsTreatment:
    """Fixed weights of the languages' mean losses, size_l^exponent in sum 1, exponent tuned.

    The study trains every exponent on one seed and keeps the one with the best mean dev score. An
    exponent below 0 lifts small languages, 1 weighs languages by their data.

    Attributes:
        exponents: to choose from.
        non_finite: "stop" or "skip" the update when a language's loss is not finite.

    Reference:
        Xin, Ghorbani, Garg, Firat, Gilmer. Do Current Multi-Task Optimization Methods in Deep
        Learning Even Help? NeurIPS 2022. https://arxiv.org/abs/2209.11379

        @inproceedings{xin-etal-2022-current,
          title = {Do Current Multi-Task Optimization Methods in Deep Learning Even Help?},
          author = {Xin, Derrick and Ghorbani, Behrooz and Garg, Ankush and Firat, Orhan and
                    Gilmer, Justin},
          booktitle = {Advances in Neural Information Processing Systems},
          year = {2022}
        }
    """

    name: ClassVar[str] = "static_weights"
    parts: ClassVar[tuple[str, ...]] = ("combine",)
    separate: ClassVar[bool] = False
    claim: ClassVar[str] = "Tuned fixed weights do what adaptive weights and gradient surgery do."

    exponents: tuple[float, ...] = (-0.5, 0.0, 0.5, 1.0)
    non_finite: Literal["stop", "skip"] = "stop"

    def __post_init__(self) -> None:
        if not self.exponents or not all(map(math.isfinite, self.exponents)):
            raise InputError(
                expected="one or more finite exponents",
                found=f"{list(self.exponents)}",
                where="treatments.static_weights.exponents",
                next_step="Use for example [-0.5, 0, 0.5, 1].",
            )

    def apply(self, plan: TrainingPlan) -> TrainingPlan:
        """Return the plan with weights by the first exponent."""
        combine = LossCombine(StaticWeights(self.exponents[0]), self.non_finite)
        return plan.replace_parts(self.name, combine=combine)

    def candidates(self) -> "tuple[StaticWeightsTreatment, ...]":
        """Return one treatment per exponent."""
        return tuple(
            StaticWeightsTreatment((exponent,), self.non_finite) for exponent in self.exponents
        )
