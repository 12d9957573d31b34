"""The plain step: one forward, one backward, one optimizer step."""

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from functools import partial

import torch
from torch import Tensor

from isogloss.core import look_up
from isogloss.data import Batch
from isogloss.objectives import LanguageLosses
from isogloss.training.contract import StepContext, losses_now
from isogloss.training.optimizer import AdamWSettings, SlotAdamW
from isogloss.training.plan import BuildContext
from isogloss.training.schedule import SCHEDULES, rate


@dataclass(frozen=True)
class OptimizerStep:
    """Names the plain step.

    Attributes:
        optimizer: AdamW's hyper-parameters.
        schedule: a key of `SCHEDULES`.
        warm_up: share of the updates with a rising learning rate.
        clip: largest global L2 norm of the gradient.
    """

    optimizer: AdamWSettings = field(default_factory=AdamWSettings)
    schedule: str = "cosine"
    warm_up: float = 0.1
    clip: float = 1.0

    def build(self, context: BuildContext) -> "RunningOptimizerStep":
        """Return the step of one run."""
        return RunningOptimizerStep(self)


class RunningOptimizerStep:
    """The plain step of one run; see `Step` for the contract."""

    def __init__(self, settings: OptimizerStep) -> None:
        self._settings = settings
        self._context: StepContext | None = None
        self._schedule = look_up(SCHEDULES, settings.schedule, "schedule")

    def start(self, context: StepContext) -> None:
        """Create the optimizer over everything that may move."""
        self._context = context
        self._optimizer = SlotAdamW(
            context.model.named_parameters(), context.slots, self._settings.optimizer
        )

    def update(self, update: int, batch: Batch) -> LanguageLosses:
        """Forward, backward, clip, step."""
        context = self._context
        assert context is not None, "start comes before the first update"
        engine = context.engine
        targets = context.objective.prepare(batch, update)
        local = targets.shard(engine.rank, engine.world_size).to(engine.device)
        with engine.autocast(), context.combine.watching(context.model, local, engine):
            losses = context.objective.losses(context.model, local)
        context.combine.backward(losses, context.model, engine)

        parameters = self._optimizer.parameters
        engine.sum_across_processes([p.grad for p in parameters if p.grad is not None])
        torch.nn.utils.clip_grad_norm_(parameters, self._settings.clip)
        self._optimizer.step(self._factor(update), batch.language)
        self._optimizer.zero_grad()
        context.combine.after_step(partial(losses_now, context, local), engine)
        return LanguageLosses(losses.total.detach(), losses.count)

    @property
    def passes(self) -> float:
        """What the combination rule costs; the optimizer's step costs no pass."""
        return 1.0 if self._context is None else self._context.combine.passes

    def _factor(self, update: int) -> float:
        """Return the schedule's factor at an update."""
        assert self._context is not None, "start comes before the first update"
        return rate(self._schedule, update, self._context.updates, self._settings.warm_up)

    def learning_rate(self, update: int) -> float:
        """Return the learning rate of an update."""
        return self._settings.optimizer.learning_rate * self._factor(update)

    def metrics(self) -> dict[str, float]:
        """Return what the combination rule has to say; the loop logs the losses itself."""
        return {} if self._context is None else self._context.combine.metrics()

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
