"""The conflict monitor as a callback of the `transformers` Trainer."""

from contextlib import AbstractContextManager, suppress
from typing import Any

from torch import nn
from transformers import TrainerCallback, TrainerState

from isogloss.core import InputError
from isogloss.diagnosis.conflict_monitor import ConflictMonitor


class _ForwardFailed(Exception):
    """Ends a measurement; the exception of the forward pass itself goes its own way."""


class ConflictCallback(TrainerCallback):
    """Lets a monitor measure in a Trainer's own forward and backward passes.

        monitor = ConflictMonitor(model, ["en", "sw"], folder="my-run")
        trainer = Trainer(model, arguments, callbacks=[ConflictCallback(monitor)], ...)

    The column holds the index of each row's language; it is taken out of every call of the model,
    in evaluation too. The Trainer keeps columns that the model does not know only with
    `TrainingArguments(remove_unused_columns=False)`. With gradient accumulation one
    micro-batch of each update is measured.

    Args:
        monitor: of the Trainer's model; hooks on that model read the column, until `remove`.
        column: name of the column.
    """

    def __init__(self, monitor: ConflictMonitor, *, column: str = "language") -> None:
        self._monitor, self._column = monitor, column
        self._watched: AbstractContextManager[None] | None = None
        model = monitor.model
        self._hooks = [
            model.register_forward_pre_hook(self._begin, with_kwargs=True),
            model.register_forward_hook(self._end, always_call=True),
        ]

    def on_train_begin(
        self, args: object, state: TrainerState, control: object, **_: object
    ) -> None:
        """Go on where the Trainer does, after a checkpoint too."""
        self._monitor.resume(state.global_step)

    def on_step_end(self, args: object, state: object, control: object, **_: object) -> None:
        """End the monitor's step after an update."""
        self._monitor.step()

    def remove(self) -> None:
        """Take the hooks off the model; a column in a batch is then the model's own matter."""
        for hook in self._hooks:
            hook.remove()

    def _begin(
        self, model: nn.Module, inputs: tuple[Any, ...], named: dict[str, Any]
    ) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Take the languages of the rows out of a batch, and watch it while training."""
        if self._column not in named:
            raise InputError(
                expected=f"a column `{self._column}` with the index of each example's language",
                found=f"a batch of {', '.join(named) or 'nothing'}",
                where="ConflictCallback",
                next_step="Add the column to the data set and train with "
                "TrainingArguments(remove_unused_columns=False).",
            )
        language = named[self._column]
        if model.training:
            watched = self._monitor.watch(language)
            watched.__enter__()
            self._watched = watched
        return inputs, {name: value for name, value in named.items() if name != self._column}

    def _end(self, model: nn.Module, inputs: tuple[Any, ...], found: object) -> None:
        """Stop watching when the forward pass is over, or has failed."""
        if self._watched is not None:
            watched, self._watched = self._watched, None
            if found is not None:
                watched.__exit__(None, None, None)
                return
            with suppress(_ForwardFailed):
                watched.__exit__(_ForwardFailed, _ForwardFailed(), None)
