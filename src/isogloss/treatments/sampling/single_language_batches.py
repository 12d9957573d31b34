"""Batches of one language each: Sequential Reptile without its slow weights."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import Field

from isogloss.training import SingleLanguageSampling, TrainingPlan
from isogloss.treatments.steps.slow_weights.spec import inner_steps


@dataclass(frozen=True)
class SingleLanguageBatches:
    """Joint training whose batches hold one language each instead of all of them.

    Every other step that works with such batches is compared with this one: it parts what the
    batches do from what the slow weights do. With the same block it sees the very batches of
    `sequential_reptile`.

    Attributes:
        block: batches that hold each language's exact share, in an order drawn by lot; None = a
            fortieth of the training.
        exponent: languages in proportion to size^exponent; None = as the untreated plan.

    Reference:
        Conneau, Lample. Cross-lingual Language Model Pretraining. NeurIPS 2019, section 3.
        https://arxiv.org/abs/1901.07291

        @inproceedings{conneau-lample-2019-cross,
          title = {Cross-lingual Language Model Pretraining},
          author = {Conneau, Alexis and Lample, Guillaume},
          booktitle = {Advances in Neural Information Processing Systems},
          year = {2019}
        }
    """

    name: ClassVar[str] = "single_language_batches"
    parts: ClassVar[tuple[str, ...]] = ("sampler",)
    separate: ClassVar[bool] = False
    claim: ClassVar[str] = (
        "Each language's sequences and budget are those of mixed batches; only what is beside them "
        "changes."
    )

    block: Annotated[int, Field(ge=1)] | None = None
    exponent: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None

    def apply(self, plan: TrainingPlan) -> TrainingPlan:
        """Return the plan with its sampler divided by language."""
        block = inner_steps(self.block, plan)
        sampler = SingleLanguageSampling(plan.sampler, block, self.exponent)
        return plan.replace_parts(self.name, sampler=sampler)

    def candidates(self) -> "tuple[SingleLanguageBatches, ...]":
        """Return itself."""
        return (self,)
