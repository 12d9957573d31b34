"""The plain combination rule: the mean loss over all targets."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

from torch import Tensor, nn

from isogloss.objectives import LanguageLosses, Targets
from isogloss.training.engine import Engine


class RunningWeightedSum:
    """Ordinary joint training; see `Combine` for the contract. It has no state."""

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
