"""Plain joint training: the control of every study."""

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
