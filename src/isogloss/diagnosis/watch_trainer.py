"""The conflict monitor on a `transformers.Trainer`."""

from collections.abc import Callable
from typing import Any

from torch import Tensor, nn
from transformers import Trainer

from isogloss.core import InputError
from isogloss.diagnosis.conflict_monitor import ConflictMonitor


def watch_trainer(trainer: Trainer, monitor: ConflictMonitor, *, column: str = "language") -> None:
    """Let a monitor look at a Trainer's own forward and backward passes.

    The column holds the index of each row's language; it is taken out before the model is called.
    The Trainer keeps columns that the model does not know only with
    `TrainingArguments(remove_unused_columns=False)`. A look is one micro-batch. Only the instance
    given is changed, in its methods `compute_loss` and `training_step`.

    Args:
        trainer: not yet started.
        monitor: of the trainer's model.
        column: name of the column.
    """
    trainer.compute_loss = _watching(trainer.compute_loss, monitor, column)  # type: ignore[method-assign]
    trainer.training_step = _stepping(trainer.training_step, monitor)  # type: ignore[method-assign]


def _watching(
    compute_loss: Callable[..., Any], monitor: ConflictMonitor, column: str
) -> Callable[..., Any]:
    """Return `compute_loss` that takes the column out, and is watched while training."""

    def watched(model: nn.Module, inputs: dict[str, Any], *args: object, **more: object) -> object:
        language = _taken(inputs, column)
        if not model.training:
            return compute_loss(model, inputs, *args, **more)
        with monitor.watch(language):
            return compute_loss(model, inputs, *args, **more)

    return watched


def _stepping(training_step: Callable[..., Any], monitor: ConflictMonitor) -> Callable[..., Any]:
    """Return `training_step` that ends the monitor's step, when the backward pass is over."""

    def stepped(*args: object, **more: object) -> object:
        loss = training_step(*args, **more)
        monitor.step()
        return loss

    return stepped


def _taken(inputs: dict[str, Any], column: str) -> Tensor:
    """Take the languages of the rows out of a batch."""
    if column in inputs:
        return inputs.pop(column)
    raise InputError(
        expected=f"a column `{column}` with the index of each row's language",
        found=f"a batch of {', '.join(map(str, inputs)) or 'nothing'}",
        where="watch_trainer",
        next_step="Add the column to the data set and train with "
        "TrainingArguments(remove_unused_columns=False).",
    )
