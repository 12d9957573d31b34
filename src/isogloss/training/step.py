"""The plain step: one forward, one backward, one optimizer step."""

from collections.abc import Callable, Collection
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import Protocol

import torch
from torch import Tensor, nn

from isogloss.core import look_up
from isogloss.data import Batch
from isogloss.models import MultilingualModel
from isogloss.objectives import LanguageLosses, Targets
from isogloss.training.contract import Combine, StepContext, forward, losses_now
from isogloss.training.optimizer import SCHEDULES, SlotAdamW, rate
from isogloss.training.parts import OptimizerStep


class Optimizer(Protocol):
    """What the plain step asks of an optimizer; `SlotAdamW` is the usual one."""

    @property
    def parameters(self) -> list[nn.Parameter]:
        """All parameters that it moves."""
        ...

    def zero_grad(self) -> None:
        """Forget all gradients."""
        ...

    def step(self, factor: float, languages: Tensor) -> None:
        """Move the weights at `factor` times the peak rate, for the languages of the batch."""
        ...

    def state(self) -> dict[str, Tensor]:
        """Return every tensor that the next step depends on."""
        ...

    def load_state(self, state: dict[str, Tensor]) -> None:
        """Take back what `state` returned."""
        ...


def _slabs(model: nn.Module) -> dict[str, tuple[int, ...]]:
    """Return the slots of all slabs in a model.

    Also of those that all languages share: their biases have an axis of slots too, and would be
    taken for matrices, which decay.
    """
    return {
        f"{path}.{name}" if path else name: slots
        for path, module in model.named_modules()
        if isinstance(module, MultilingualModel)
        for name, slots in module.language_specific_names(with_shared=True).items()
    }


class RunningOptimizerStep:
    """The plain step of one run; see `Step` for the contract.

    Its two halves can be called one by one, by a step that does something between them.

    Args:
        settings: of the step.
        create_optimizer: makes the optimizer when the run starts; None = `SlotAdamW`.
        without_decay: names the parameters of a model that no weight decay draws to zero.
    """

    def __init__(
        self,
        settings: OptimizerStep,
        create_optimizer: Callable[[StepContext], Optimizer] | None = None,
        without_decay: Callable[[nn.Module], Collection[str]] | None = None,
    ) -> None:
        self._settings = settings
        self._create = create_optimizer or self._adamw
        self._without_decay = without_decay
        self._combine: Combine | None = None
        self._local: Targets | None = None
        self._schedule = look_up(SCHEDULES, settings.schedule, "schedule")

    def _adamw(self, context: StepContext) -> Optimizer:
        """Return AdamW over everything that may move."""
        model, slots = context.model, {**_slabs(context.model), **context.slots}
        still = self._without_decay(model) if self._without_decay else ()
        return SlotAdamW(model.named_parameters(), slots, self._settings.optimizer, still)

    def start(self, context: StepContext) -> None:
        """Create the optimizer over everything that may move."""
        self._context, self._combine = context, context.combine
        self._optimizer = self._create(context)

    def update(self, update: int, batch: Batch) -> LanguageLosses:
        """Forward, backward, clip, step."""
        losses = self.accumulate(update, batch)
        self.move(update, batch)
        return losses

    def accumulate(self, update: int, batch: Batch) -> LanguageLosses:
        """Forward and backward: leave the gradient of the global batch in `.grad`."""
        context, engine = self._context, self._context.engine
        targets = context.objective.prepare(batch, update)
        local = targets.shard(engine.rank, engine.world_size).to(engine.device)
        losses = forward(context, local)
        context.combine.backward(losses, context.model, engine)
        self._local = local
        gradients = [p.grad for p in self._optimizer.parameters if p.grad is not None]
        engine.sum_across_processes(gradients)
        return LanguageLosses(losses.total.detach(), losses.count)

    def move(self, update: int, batch: Batch) -> None:
        """Clip and step along what is in `.grad`, and forget it."""
        torch.nn.utils.clip_grad_norm_(self._optimizer.parameters, self._settings.clip)
        self._optimizer.step(self._factor(update), batch.language)
        self._optimizer.zero_grad()
        if self._local is not None:
            losses = partial(losses_now, self._context, self._local)
            self._context.combine.after_step(losses, self._context.engine)

    def _factor(self, update: int) -> float:
        """Return the schedule's factor at an update."""
        return rate(self._schedule, update, self._context.updates, self._settings.warm_up)

    def learning_rate(self, update: int) -> float:
        """Return the learning rate of an update."""
        return self._settings.optimizer.learning_rate * self._factor(update)

    def metrics(self) -> dict[str, float]:
        """Return what the combination rule has to say; the loop logs the losses itself."""
        return {} if self._combine is None else self._combine.metrics()

    def evaluation(self) -> AbstractContextManager[object]:
        """Return an empty context: the weights in training are the weights."""
        return nullcontext()

    def finish(self) -> None:
        """Do nothing: the last weights are kept."""

    def state(self) -> dict[str, Tensor]:
        """Return the optimizer's moments."""
        return self._optimizer.state()

    def load_state(self, state: dict[str, Tensor]) -> None:
        """Take back the optimizer's moments."""
        self._optimizer.load_state(state)
