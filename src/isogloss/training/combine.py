"""The plain combination rule: the mean loss over all targets."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from torch import Tensor, nn

from isogloss.objectives import LanguageLosses, Targets
from isogloss.training.engine import Engine
from isogloss.training.plan import BuildContext


@dataclass(frozen=True)
class WeightedSum:
    """Ordinary joint training: each language weighs as much as it has targets in the batch."""

    @property
    def passes(self) -> float:
        """One pass."""
        return 1.0

    def build(self, context: BuildContext) -> "WeightedSum":
        """Return itself: the rule has no state."""
        return self

    def watching(
        self, model: nn.Module, targets: Targets, engine: Engine
    ) -> AbstractContextManager[object]:
        """Return an empty context."""
        return nullcontext()

    def backward(self, losses: LanguageLosses, model: nn.Module, engine: Engine) -> None:
        """Backpropagate the summed losses over the number of targets of the global batch."""
        (losses.total.sum() / losses.count.sum()).backward()

    def after_step(self, losses: Callable[[], LanguageLosses], engine: Engine) -> None:
        """Do nothing."""

    def metrics(self) -> dict[str, float]:
        """Return nothing."""
        return {}

    def state(self) -> dict[str, Tensor]:
        """Return nothing."""
        return {}

    def load_state(self, state: dict[str, Tensor]) -> None:
        """Take nothing back."""
