"""GradNorm: weights that keep the languages' gradients at lengths in proportion to their lag."""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from isogloss.training import GradNormCombine, TrainingPlan


@dataclass(frozen=True)
class GradNormTreatment:
    """Weights of the losses follow the lengths of the gradients of the last layer.

    A language that has learned less than the others gets a longer gradient.

    Attributes:
        alpha: strength of the restoring force; 0 = equal lengths.
        learning_rate: of the weights.
        initial_batches: of a language, over which its first loss is averaged.
        non_finite: "stop" or "skip" the update when a language's gradient is not finite.

    Reference:
        Chen, Badrinarayanan, Lee, Rabinovich. GradNorm: Gradient Normalization for Adaptive Loss
        Balancing in Deep Multitask Networks. ICML 2018, Algorithm 1.
        https://arxiv.org/abs/1711.02257

        @inproceedings{chen-etal-2018-gradnorm,
          title = {{GradNorm}: Gradient Normalization for Adaptive Loss Balancing in Deep Multitask
                   Networks},
          author = {Chen, Zhao and Badrinarayanan, Vijay and Lee, Chen-Yu and Rabinovich, Andrew},
          booktitle = {Proceedings of ICML},
          year = {2018}
        }
    """

    name: ClassVar[str] = "gradnorm"
    parts: ClassVar[tuple[str, ...]] = ("combine",)
    separate: ClassVar[bool] = False
    claim: ClassVar[str] = (
        "With alpha 0 the weighted gradients of the last layer come to equal lengths."
    )

    alpha: Annotated[float, Field(ge=0)] = 1.5
    learning_rate: Annotated[float, Field(gt=0)] = 0.025
    initial_batches: Annotated[int, Field(ge=1)] = 50
    non_finite: Literal["stop", "skip"] = "stop"

    def apply(self, plan: TrainingPlan) -> TrainingPlan:
        """Return the plan with GradNorm as its combination rule."""
        combine = GradNormCombine(
            self.alpha, self.learning_rate, self.initial_batches, self.non_finite
        )
        return plan.replace_parts(self.name, combine=combine)

    def candidates(self) -> "tuple[GradNormTreatment, ...]":
        """Return itself."""
        return (self,)
