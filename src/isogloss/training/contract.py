"""Contracts of the parts that act inside the loop: combine and step, and what they are given."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

import torch
from torch import Tensor, nn

from isogloss.data import Batch
from isogloss.objectives import LanguageLosses, Objective, Targets
from isogloss.training.engine import Engine


class Combine(Protocol):
    """Turns the languages' losses into one update direction, left in `.grad`.

    For each update a step runs the forward pass inside `watching`, then calls `backward`, and
    `after_step` when the weights have moved. The loop keeps the state in its checkpoints.
    """

    def watching(
        self, model: nn.Module, targets: Targets, engine: Engine
    ) -> AbstractContextManager[object]:
        """Return the context of the forward pass over this process's share of the targets."""
        ...

    def backward(self, losses: LanguageLosses, model: nn.Module, engine: Engine) -> None:
        """Fill `.grad` of the model's parameters with this process's share of the direction.

        Leaves no gradient where the update is to be skipped.
        """
        ...

    def after_step(self, losses: Callable[[], LanguageLosses], engine: Engine) -> None:
        """Learn from the losses of the same batch under the new weights.

        Args:
            losses: runs the forward pass once more, when it is called.
            engine: device, processes, precision.
        """
        ...

    def metrics(self) -> dict[str, float]:
        """Return numbers for the log about the last update; often none."""
        ...

    def state(self) -> dict[str, Tensor]:
        """Return every tensor that the next direction depends on, besides the weights."""
        ...

    def load_state(self, state: dict[str, Tensor]) -> None:
        """Take back what `state` returned."""
        ...


@runtime_checkable
class OwnForward(Protocol):
    """A combination rule that runs the forward pass itself, where that costs less."""

    def losses(
        self, objective: Objective, model: nn.Module, targets: Targets, engine: Engine
    ) -> LanguageLosses:
        """Return the losses of this process's targets; `backward` follows."""
        ...


@dataclass(frozen=True)
class StepContext:
    """What a step works with.

    Attributes:
        model: the model in training.
        engine: device, processes, precision.
        objective: batch -> loss of each language.
        combine: losses -> direction.
        updates: length of the training, for schedules.
        slots: for each language-specific parameter, the slot of every language.
    """

    model: nn.Module
    engine: Engine
    objective: Objective
    combine: Combine
    updates: int
    slots: dict[str, tuple[int, ...]]


class Step(Protocol):
    """Moves the weights by one update; holds the optimizer's state."""

    def start(self, context: StepContext) -> None:
        """Bind to the model before the first update."""
        ...

    def update(self, update: int, batch: Batch) -> LanguageLosses:
        """Train on the global batch of one update; return the (detached) losses of this process."""
        ...

    def state(self) -> dict[str, Tensor]:
        """Return every tensor that the next update depends on, besides the weights."""
        ...

    def load_state(self, state: dict[str, Tensor]) -> None:
        """Take back what `state` returned."""
        ...

    def learning_rate(self, update: int) -> float:
        """Return the learning rate of an update."""
        ...

    def metrics(self) -> dict[str, float]:
        """Return numbers for the log about the updates since the last call; often none."""
        ...

    def evaluation(self) -> AbstractContextManager[object]:
        """Return a context in which the model has the weights that are to be evaluated."""
        ...

    def finish(self) -> None:
        """Leave in the model the weights that are to be kept; may be called twice."""
        ...


def seed_dropout(seed: int, update: int, rank: int) -> None:
    """Seed the global generators for one update, so that a resumed run draws the same dropout.

    `torch.manual_seed` would do the same, but where no GPU is in use it formats the call stack at
    every call, for the day that one is: 0.4 ms, 1 % of an update of a micro model.
    """
    combined = ((seed * 1_000_003 + update) * 4_099 + rank) % 2**63
    torch.default_generator.manual_seed(combined)
    if torch.cuda.is_initialized():
        torch.cuda.manual_seed_all(combined)


def forward(context: StepContext, targets: Targets) -> LanguageLosses:
    """Return the losses of this process's targets, run as the combination rule asks for it."""
    combine, engine = context.combine, context.engine
    if isinstance(combine, OwnForward):
        return combine.losses(context.objective, context.model, targets, engine)
    with engine.autocast(), combine.watching(context.model, targets, engine):
        return context.objective.losses(context.model, targets)


@torch.no_grad()
def losses_now(context: StepContext, targets: Targets) -> LanguageLosses:
    """Return the losses of this process's targets under the weights that the model has now."""
    with context.engine.autocast():
        return context.objective.losses(context.model, targets)


class Observer(Protocol):
    """Observes the model between two updates; moves no weight and no random state.

    The loop of the first process calls it. Whatever it learns from must not depend on calls that a
    resumed run makes no more.
    """

    def start(self, folder: Path, update: int) -> None:
        """Begin, or go on, at an update; what was written of later ones is to be dropped."""
        ...

    def observe(self, update: int) -> None:
        """Observe the model after an update."""
        ...
