"""Lookahead: slow weights behind plain joint training."""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from isogloss.training import TrainingPlan
from isogloss.treatments.steps.slow_weights.spec import SlowWeightsStep


@dataclass(frozen=True)
class Lookahead:
    """K steps of plain joint training forward, then a share of the way back.

    theta starts at phi and takes K optimizer steps on mixed batches; then
    phi <- phi + eta (theta - phi). It knows nothing of languages: at the K and eta of
    `sequential_reptile` it is the control that has its slow weights but not its batches.

    Attributes:
        inner_steps: K; 5 and 0.5 are in the range of the paper's settings.
        outer_learning_rate: eta (the paper's alpha).
        optimizer_state: at an outer update "carry" the optimizer's moments over, or "reset" them.

    Reference:
        Zhang, Lucas, Hinton, Ba. Lookahead Optimizer: k steps forward, 1 step back. NeurIPS 2019,
        Algorithm 1. https://arxiv.org/abs/1907.08610

        @inproceedings{zhang-etal-2019-lookahead,
          title = {Lookahead Optimizer: k steps forward, 1 step back},
          author = {Zhang, Michael R. and Lucas, James and Hinton, Geoffrey and Ba, Jimmy},
          booktitle = {Advances in Neural Information Processing Systems},
          year = {2019}
        }
    """

    name: ClassVar[str] = "lookahead"
    parts: ClassVar[tuple[str, ...]] = ("step",)
    separate: ClassVar[bool] = False
    claim: ClassVar[str] = (
        "The slow weights vary less around an optimum than those of the inner optimizer."
    )

    inner_steps: Annotated[int, Field(ge=1)] = 5
    outer_learning_rate: Annotated[float, Field(gt=0, le=1)] = 0.5
    optimizer_state: Literal["carry", "reset"] = "carry"

    def apply(self, plan: TrainingPlan) -> TrainingPlan:
        """Return the plan with slow weights behind its step."""
        step = SlowWeightsStep(
            plan.step, self.inner_steps, self.outer_learning_rate, self.optimizer_state
        )
        return plan.replace_parts(self.name, step=step)

    def candidates(self) -> "tuple[Lookahead, ...]":
        """Return itself."""
        return (self,)
