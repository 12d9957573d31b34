"""The plain combination rule: the mean loss over all targets."""

from dataclasses import dataclass

from torch import nn

from isogloss.objectives import LanguageLosses
from isogloss.training.engine import Engine
from isogloss.training.plan import BuildContext


@dataclass(frozen=True)
class WeightedSum:
    """Ordinary joint training: each language weighs as much as it has targets in the batch."""

    def build(self, context: BuildContext) -> "WeightedSum":
        """Return itself: the rule has no state."""
        return self

    def backward(self, losses: LanguageLosses, model: nn.Module, engine: Engine) -> None:
        """Backpropagate the summed losses over the number of targets of the global batch."""
        (losses.total.sum() / losses.count.sum()).backward()
