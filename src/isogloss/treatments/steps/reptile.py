"""Reptile with a language as its task: the slow weights follow the mean of languages' walks."""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from isogloss.training import SingleLanguageSampling, TrainingPlan
from isogloss.treatments.steps.slow_weights.spec import SlowWeightsStep, inner_steps


@dataclass(frozen=True)
class Reptile:
    """From phi a walk on each language alone; then phi goes towards the mean of where they end.

    phi <- phi + eta (mean_t theta_t - phi), theta_t after the inner steps on language t. An outer
    update has as many inner steps in all as one of `sequential_reptile`. In expectation it descends
    the loss and raises the inner products of gradients of one language's batches; those of
    different languages do not occur.

    Differs from the paper: the walks come one after the other in an order drawn by lot, and where
    languages are not sampled alike, language t takes its share p_t of the steps and all ends weigh
    alike, instead of equal steps weighted by p_t. To first order in the learning rate that is the
    same direction, and each language keeps the budget it has without treatment.

    Attributes:
        inner_steps: of an outer update, all languages together; None = a fortieth of the training.
        outer_learning_rate: eta.
        exponent: languages in proportion to size^exponent; None = as the untreated plan.
        optimizer_state: whenever the weights return to phi "carry" the optimizer's moments over, or
            "reset" them.

    Reference:
        Nichol, Achiam, Schulman. On First-Order Meta-Learning Algorithms. 2018, Algorithm 2.
        https://arxiv.org/abs/1803.02999

        @article{nichol-etal-2018-first,
          title = {On First-Order Meta-Learning Algorithms},
          author = {Nichol, Alex and Achiam, Joshua and Schulman, John},
          journal = {arXiv preprint arXiv:1803.02999},
          year = {2018}
        }
    """

    name: ClassVar[str] = "reptile"
    parts: ClassVar[tuple[str, ...]] = ("sampler", "step")
    separate: ClassVar[bool] = False
    claim: ClassVar[str] = (
        "In expectation an outer update also raises the inner products of one language's own "
        "gradients, and of no two languages'."
    )

    inner_steps: Annotated[int, Field(ge=1)] | None = None
    outer_learning_rate: Annotated[float, Field(gt=0, le=1)] = 0.1
    exponent: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    optimizer_state: Literal["carry", "reset"] = "carry"

    def apply(self, plan: TrainingPlan) -> TrainingPlan:
        """Return the plan with a walk for each language and slow weights."""
        n_inner = inner_steps(self.inner_steps, plan)
        return plan.replace_parts(
            self.name,
            sampler=SingleLanguageSampling(plan.sampler, n_inner, self.exponent, order="grouped"),
            step=SlowWeightsStep(
                plan.step,
                n_inner,
                self.outer_learning_rate,
                self.optimizer_state,
                per_language=True,
            ),
        )

    def candidates(self) -> "tuple[Reptile, ...]":
        """Return itself."""
        return (self,)
