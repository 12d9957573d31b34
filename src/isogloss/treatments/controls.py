"""What the treatments are compared with: plain joint training, and one model per language."""

from dataclasses import dataclass
from typing import ClassVar

from isogloss.training import TrainingPlan


@dataclass(frozen=True)
class Untreated:
    """All languages learned together by one model, nothing done about interference."""

    name: ClassVar[str] = "untreated"
    parts: ClassVar[tuple[str, ...]] = ()
    separate: ClassVar[bool] = False
    claim: ClassVar[str] = "The control: the plan is left as it is."

    def apply(self, plan: TrainingPlan) -> TrainingPlan:
        """Return the plan as it is."""
        return plan

    def candidates(self) -> "tuple[Untreated, ...]":
        """Return itself."""
        return (self,)


@dataclass(frozen=True)
class Monolingual:
    """Each language learned alone, by a model of the same size with the same vocabulary.

    The study gives it the budget that the verdict asks for: the same updates on that language
    (`match: language`) or the same updates in all (`match: total`).
    """

    name: ClassVar[str] = "monolingual"
    parts: ClassVar[tuple[str, ...]] = ()
    separate: ClassVar[bool] = True
    claim: ClassVar[str] = "The reference: no other language can interfere."

    def apply(self, plan: TrainingPlan) -> TrainingPlan:
        """Return the plan as it is; the study plans one run per language."""
        return plan

    def candidates(self) -> "tuple[Monolingual, ...]":
        """Return itself."""
        return (self,)
