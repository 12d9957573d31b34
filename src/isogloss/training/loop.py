"""The loop: batch, step, log, checkpoint. It knows parts, never treatments."""

import math
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import torch
from torch import Tensor, nn

from isogloss.core import TrainingError
from isogloss.data import Sampler
from isogloss.objectives import LanguageLosses, Objective
from isogloss.training.checkpoint import (
    Checkpoint,
    load_checkpoint,
    restore_model,
    save_checkpoint,
    trainable_state,
)
from isogloss.training.contract import Combine, Observer, Step, StepContext, seed_dropout
from isogloss.training.engine import Engine, use_fastest_attention
from isogloss.training.log import JsonLinesLog, MetricLog
from isogloss.training.plan import BuildContext, TrainingPlan

# A large model on a busy machine takes a minute to write: no checkpoint follows the last one before
# training has taken so many times as long.
_TIMES_AS_LONG: Final = 20
# Before the names of the combination rule's tensors in a checkpoint; no parameter has a colon.
_COMBINE = "combine:"


@dataclass(frozen=True)
class LoopSettings:
    """How often the loop looks up from its work. None of it changes a weight.

    Attributes:
        log_every: updates between two rows of metrics.
        dev_every: updates between two evaluations on dev data; 0 = only at the end.
        checkpoint_seconds: least time between two checkpoints, more where writing one takes over a
            twentieth of it; 0 = at every update.
    """

    log_every: int = 20
    dev_every: int = 0
    checkpoint_seconds: float = 60.0


@dataclass(frozen=True)
class TrainingResult:
    """What a finished training cost.

    Attributes:
        updates: done.
        wall_s: seconds, resumed parts added up.
        passes: forward-backward passes over one batch (unit U).
        rows_by_language: rows drawn of each language, shape [languages].
        epochs_by_language: how often each language's data were read, shape [languages].
    """

    updates: int
    wall_s: float
    passes: float
    rows_by_language: list[int]
    epochs_by_language: list[float]


@dataclass
class Training:
    """One training brought to life from its plan.

    Args:
        plan: what to do.
        model: on the engine's device; its weights are moved.
        context: what the parts are built from.
        engine: device, processes, precision.
        slots: for each language-specific parameter, the slot of every language.
        evaluate_dev: returns the dev loss of each language in nats, by name; None = no dev data.
        extra_logs: besides `metrics.jsonl`.
        observers: are shown the model after every update, in the first process.
    """

    plan: TrainingPlan
    model: nn.Module
    context: BuildContext
    engine: Engine
    slots: dict[str, tuple[int, ...]] = field(default_factory=dict)
    evaluate_dev: Callable[[nn.Module], dict[str, float]] | None = None
    extra_logs: Sequence[MetricLog] = ()
    observers: Sequence[Observer] = ()

    def __post_init__(self) -> None:
        use_fastest_attention(self.model, self.engine, self.plan.length)
        self.sampler: Sampler = self.plan.sampler.build(self.context)
        self.objective: Objective = self.plan.objective.build(self.context)
        self.combine: Combine = self.plan.combine.build(self.context)
        self.step: Step = self.plan.step.build(self.context)
        self.step.start(
            StepContext(
                self.model,
                self.engine,
                self.objective,
                self.combine,
                self.plan.updates,
                self.slots,
            )
        )

    def run(self, folder: Path, settings: LoopSettings = LoopSettings()) -> TrainingResult:
        """Train to the end of the plan, going on from the last checkpoint in `folder`.

        Raises:
            TrainingError: the loss of a language, or a weight at the end, is not finite. No
                checkpoint is written after the last good one.
        """
        start, seconds_before = self._resume(folder)
        is_main = self.engine.rank == 0
        logs = [JsonLinesLog(folder, start), *self.extra_logs] if is_main else []
        observers = self.observers if is_main else ()
        for observer in observers:
            observer.start(folder, start)
        window = _Window(self, settings, logs, seconds_before)
        if self.plan.updates == 0:
            window.evaluate(0)
        self.model.train()
        for update in range(start, self.plan.updates):
            batch = self.sampler.batch(update)
            seed_dropout(self.plan.seed, update, self.engine.rank)
            losses = self.step.update(update, batch)
            window.add(update, losses, batch.input_ids.numel())
            for observer in observers:
                observer.observe(update)
            last = update + 1 == self.plan.updates
            if last or (settings.dev_every and (update + 1) % settings.dev_every == 0):
                window.evaluate(update)
            if window.checkpoint_is_due() and not last:
                with window.checkpointing():
                    self._save(folder, update + 1, window.wall_s())
        window.close()
        self.step.finish()
        self._refuse_non_finite_weights()
        self._save(folder, self.plan.updates, window.wall_s())
        n = self.plan.updates
        rows = self.sampler.rows_per_language(n).tolist()
        epochs = self.sampler.epochs_per_language(n).tolist()
        passes = self.plan.passes * n
        return TrainingResult(n, window.wall_s(), passes, rows, epochs)

    def _resume(self, folder: Path) -> tuple[int, float]:
        """Load the last checkpoint; return the next update and the seconds spent so far."""
        checkpoint = load_checkpoint(folder / "checkpoint", self.plan.fingerprint())
        if checkpoint is None:
            return 0, 0.0
        restore_model(self.model, checkpoint.model)
        on_device = {key: value.to(self.engine.device) for key, value in checkpoint.step.items()}
        of_combine = {key for key in on_device if key.startswith(_COMBINE)}
        self.step.load_state({k: v for k, v in on_device.items() if k not in of_combine})
        self.combine.load_state({key[len(_COMBINE) :]: on_device[key] for key in of_combine})
        return checkpoint.update, checkpoint.wall_s

    def _save(self, folder: Path, update: int, wall_s: float) -> None:
        """Write a checkpoint; the first process does it for all.

        A gradient may overflow where the loss does not: such weights are not written, and the loss
        of the next update tells all processes alike.
        """
        if self.engine.rank == 0 and not _not_finite(self.model):
            save_checkpoint(
                folder / "checkpoint",
                Checkpoint(
                    update,
                    wall_s,
                    trainable_state(self.model),
                    {
                        **self.step.state(),
                        **{f"{_COMBINE}{k}": v for k, v in self.combine.state().items()},
                    },
                    self.plan.fingerprint(),
                ),
            )

    def _refuse_non_finite_weights(self) -> None:
        """Stop a training whose last update left weights that are not numbers."""
        names = _not_finite(self.model)
        if names:
            raise TrainingError(
                f"{names[0]} and {len(names) - 1} more parameters are not finite after the last of "
                f"{self.plan.updates} updates (seed {self.plan.seed}). Nothing was overwritten. "
                "Lower the learning rate, raise the warm-up, or use fp32."
            )


def _not_finite(model: nn.Module) -> list[str]:
    """Return the names of the parameters with a number that is not finite."""
    return [
        name
        for name, value in model.named_parameters()
        if not bool(value.detach().isfinite().all())
    ]


class _Window:
    """The losses since the last check: kept on the device, so that the hot loop never waits."""

    def __init__(
        self,
        training: Training,
        settings: LoopSettings,
        logs: Sequence[MetricLog],
        seconds_before: float,
    ) -> None:
        self._training, self._settings, self._logs = training, settings, logs
        self._begin = time.perf_counter() - seconds_before
        self._next_checkpoint = time.perf_counter() + settings.checkpoint_seconds
        self._losses: list[tuple[int, LanguageLosses]] = []
        self._tokens, self._opened = 0, time.perf_counter()

    def wall_s(self) -> float:
        """Return the seconds of training so far."""
        return time.perf_counter() - self._begin

    def add(self, update: int, losses: LanguageLosses, tokens: int) -> None:
        """Take in the losses of one update; log when it is time."""
        self._losses.append((update, losses))
        self._tokens += tokens
        if len(self._losses) >= self._settings.log_every:
            self.close()

    def checkpoint_is_due(self) -> bool:
        """Return whether to save now; never with a loss that has not been checked.

        With several processes only the first one writes, so their clocks need not agree.
        """
        if time.perf_counter() < self._next_checkpoint:
            return False
        if self._training.engine.world_size > 1 and self._losses:
            return False  # looking at losses is a collective act: wait for the common log interval
        self.close()
        return True

    @contextmanager
    def checkpointing(self) -> Iterator[None]:
        """Note when the next checkpoint is due after the one that is written meanwhile."""
        began = time.perf_counter()
        yield
        wait = self._settings.checkpoint_seconds
        if wait > 0:
            wait = max(wait, _TIMES_AS_LONG * (time.perf_counter() - began))
        self._next_checkpoint = time.perf_counter() + wait

    def close(self) -> None:
        """Check the losses since the last time: stop if one is not finite, else log them."""
        if not self._losses:
            return
        total = torch.stack([losses.total for _, losses in self._losses])
        self._training.engine.sum_across_processes([total])
        count = torch.stack([losses.count for _, losses in self._losses]).to(total.device)
        self._refuse_non_finite(total)
        self._log(total.sum(0).cpu(), count.sum(0).cpu())
        self._losses, self._tokens, self._opened = [], 0, time.perf_counter()

    def _refuse_non_finite(self, total: Tensor) -> None:
        """Stop at the first update and language whose loss is not a number."""
        bad = (~total.isfinite()).nonzero()
        if len(bad) == 0:
            return
        row, language = (int(index) for index in bad[0])
        update = self._losses[row][0]
        name = self._training.plan.languages[language]
        raise TrainingError(
            f"The loss of {name} is {float(total[row, language])} at update {update}, in the batch "
            f"of that number (seed {self._training.plan.seed}). Nothing was overwritten: the last "
            "checkpoint is from before. Lower the learning rate, raise the warm-up, or use fp32."
        )

    def _log(self, total: Tensor, count: Tensor) -> None:
        """Write one row with the mean losses of the window."""
        training, update = self._training, self._losses[-1][0]
        seconds = time.perf_counter() - self._opened
        names = [str(language) for language in training.plan.languages]
        means = {
            name: value
            for name, value in zip(names, (total / count).tolist(), strict=True)
            if math.isfinite(value)
        }
        row = {
            "kind": "train",
            "update": update,
            "updates": training.plan.updates,
            "loss": float(total.sum() / count.sum()),
            "loss_by_language": means,
            "learning_rate": training.step.learning_rate(update),
            **training.step.metrics(),
            **getattr(training.objective, "metrics", dict)(),
            "tokens_per_second": round(self._tokens / seconds, 1),
            "wall_s": round(self.wall_s(), 3),
        }
        for log in self._logs:
            log.write(row)

    def evaluate(self, update: int) -> None:
        """Log the dev loss of each language."""
        if self._training.evaluate_dev is None:
            return
        self.close()
        with self._training.step.evaluation():
            losses = self._training.evaluate_dev(self._training.model)
        self._training.model.train()
        row = {"kind": "dev", "update": update, "loss_by_language": losses}
        for log in self._logs:
            log.write(row)
        self._opened = time.perf_counter()
