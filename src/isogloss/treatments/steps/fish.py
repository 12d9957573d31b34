"""Fish: one inner step on each language in a random order, then a slow step."""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from isogloss.training import SingleLanguageSampling, TrainingPlan
from isogloss.treatments.steps.slow_weights.spec import SlowWeightsStep


@dataclass(frozen=True)
class Fish:
    """Gradient matching between languages by a walk that visits each of them once.

    theta starts at phi and takes one optimizer step on a batch of every language that has training
    data, in an order drawn by lot; then phi <- phi + eta (theta - phi). Each language has its turn
    once, so only inner products of different languages' gradients occur in the second-order term,
    and all languages get the same number of batches, whatever the plan's sampling exponent.

    Differs from the paper: eta is constant and not divided by the number of steps, and the visits
    are to all languages, not to some of them. The official code trains plainly first, then goes on
    with Fish; here a run that starts from another run's model does the same.

    Attributes:
        outer_learning_rate: eta; the walk is short, so training slows down by about this factor.
        optimizer_state: at an outer update "carry" the optimizer's moments over (six of the seven
            official settings), or "reset" them.

    Reference:
        Shi, Seely, Torr, Siddharth, Hannun, Usunier, Synnaeve. Gradient Matching for Domain
        Generalization. ICLR 2022, Algorithm 1. https://arxiv.org/abs/2104.09937

        @inproceedings{shi-etal-2022-gradient,
          title = {Gradient Matching for Domain Generalization},
          author = {Shi, Yuge and Seely, Jeffrey and Torr, Philip H. S. and Siddharth, N. and
                    Hannun, Awni and Usunier, Nicolas and Synnaeve, Gabriel},
          booktitle = {Proceedings of ICLR},
          year = {2022}
        }
    """

    name: ClassVar[str] = "fish"
    parts: ClassVar[tuple[str, ...]] = ("sampler", "step")
    separate: ClassVar[bool] = False
    claim: ClassVar[str] = (
        "In expectation an outer update also raises the inner products of different languages' "
        "gradients, and no others."
    )

    outer_learning_rate: Annotated[float, Field(gt=0, le=1)] = 0.5
    optimizer_state: Literal["carry", "reset"] = "carry"

    def apply(self, plan: TrainingPlan) -> TrainingPlan:
        """Return the plan with rounds of one batch per language and slow weights."""
        return plan.replace_parts(
            self.name,
            sampler=SingleLanguageSampling(plan.sampler, block=None, exponent=0.0),
            step=SlowWeightsStep(plan.step, None, self.outer_learning_rate, self.optimizer_state),
        )

    def candidates(self) -> "tuple[Fish, ...]":
        """Return itself."""
        return (self,)
