"""Loss weighting: the direction is the gradient of a weighted sum of the languages' mean losses."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol

import numpy as np
import torch
from torch import Tensor, nn

from isogloss.core import Language
from isogloss.gradients import Array
from isogloss.objectives import LanguageLosses, Targets
from isogloss.training.engine import Engine
from isogloss.training.non_finite import forget_gradients, refuse_non_finite
from isogloss.training.parts import LossCombine
from isogloss.training.plan import BuildContext


class LossWeighting(Protocol):
    """Weights of the languages' losses; holds what it learned about them."""

    def weights(self, losses: Array, languages: Sequence[int]) -> Array:
        """Return the weights of the losses of one batch, and learn from these losses.

        Args:
            losses: mean loss of each present language over the global batch, shape [n].
            languages: index of each.
        """
        ...

    def after(self, losses: Array, languages: Sequence[int]) -> None:
        """Learn from the losses of the same batch under the weights after the step."""
        ...

    def state(self) -> dict[str, Tensor]:
        """Return every tensor that the next weights depend on."""
        ...

    def load_state(self, state: dict[str, Tensor]) -> None:
        """Take back what `state` returned."""
        ...


class LossWeightingSpec(Protocol):
    """Names a loss weighting, as data."""

    @property
    def looks_back(self) -> bool:
        """Whether it needs the losses of the batch after the step: one more forward pass."""
        ...

    def start(self, context: BuildContext) -> LossWeighting:
        """Return the weighting of one run."""
        ...


class RunningLossCombine:
    """A loss weighting of one run; see `Combine` for the contract."""

    def __init__(
        self, settings: LossCombine, weighting: LossWeighting, languages: tuple[Language, ...]
    ) -> None:
        self._settings, self._weighting, self._languages = settings, weighting, languages
        self._present: list[int] = []
        self._last: dict[str, float] = {}
        self._skipped = 0

    def watching(
        self, model: nn.Module, targets: Targets, engine: Engine
    ) -> AbstractContextManager[object]:
        """Note which languages are there; return an empty context."""
        self._present = list(targets.present)
        return nullcontext()

    def backward(self, losses: LanguageLosses, model: nn.Module, engine: Engine) -> None:
        """Fill `.grad` with this process's share of the direction, or with nothing (a skip)."""
        means = global_means(losses, engine)[self._present]
        broken = [self._present[row] for row in np.flatnonzero(~np.isfinite(means)).tolist()]
        if broken:
            names = [str(self._languages[index]) for index in broken]
            refuse_non_finite(names, "loss", self._settings.non_finite)
            forget_gradients(model)
            self._skipped, self._present = self._skipped + 1, []
            return
        weights = self._weighting.weights(means, self._present)
        self._last = {
            f"weight/{self._languages[index]}": float(weight)
            for index, weight in zip(self._present, weights, strict=True)
        }
        local = (losses.total / losses.count)[self._present]
        (torch.from_numpy(weights).to(local) * local).sum().backward()

    def after_step(self, losses: Callable[[], LanguageLosses], engine: Engine) -> None:
        """Show the weighting what the step did to the losses of the batch, if it looks back."""
        if self._settings.weighting.looks_back and self._present:
            means = global_means(losses(), engine)[self._present]
            self._weighting.after(means, self._present)

    def metrics(self) -> dict[str, float]:
        """Return the last weight of each language, and the updates that were skipped so far."""
        skipped = {"skipped_updates": float(self._skipped)} if self._skipped else {}
        return {**self._last, **skipped}

    def state(self) -> dict[str, Tensor]:
        """Return what the next weights depend on."""
        return self._weighting.state()

    def load_state(self, state: dict[str, Tensor]) -> None:
        """Take back what `state` returned."""
        self._weighting.load_state(state)


def global_means(losses: LanguageLosses, engine: Engine) -> Array:
    """Return the mean loss of each language over the global batch, shape [languages].

    NaN where a language is absent. Costs one synchronisation with the device.
    """
    total = losses.total.detach().clone()
    engine.sum_across_processes([total])
    return (total / losses.count).cpu().double().numpy()


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
