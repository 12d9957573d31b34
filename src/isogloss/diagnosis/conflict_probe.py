"""Gradient conflict in the runs of a study: on batches of its own, between two updates."""

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from torch import nn

from isogloss.diagnosis.conflict import conflict_row
from isogloss.diagnosis.conflict_monitor import is_shared
from isogloss.diagnosis.conflict_summary import CONFLICT_FILE
from isogloss.gradients import GradientEngine
from isogloss.objectives import Objective
from isogloss.training import BuildContext, Engine, JsonLinesLog, ObjectiveSpec, SamplerSpec

# Other rows than those of the update before, which the model has just been fitted to.
_OTHER_ROWS: Final = 104_729
_ROWS_A_LANGUAGE: Final = 4


@dataclass
class ConflictProbe:
    """Every `every` updates: one forward and one backward of a mixed batch, nothing moved.

    The batch is the probe's own whatever the treatment samples, so that the curves of treatments
    can be compared; dropout is off. The weights, their gradients and all
    random states keep their bits. Costs about 1.4 passes per measurement.

    Args:
        model: being trained, with its head where it has one.
        context: of the run.
        objective: the plan's.
        sampling: of the batches that are measured, equal shares of all languages.
        engine: for its precision.
        every: updates between two measurements.
    """

    model: nn.Module
    context: BuildContext
    objective: ObjectiveSpec
    sampling: SamplerSpec
    engine: Engine
    every: int

    def __post_init__(self) -> None:
        n = len(self.context.languages)
        context = dataclasses.replace(
            self.context,
            rows=max(self.context.rows, _ROWS_A_LANGUAGE * n),
            seed=self.context.seed + _OTHER_ROWS,
        )
        self._sampler = self.sampling.build(context)
        self._objective: Objective = self.objective.build(context)
        self._gradients = GradientEngine(self.model, choose=is_shared)
        self._names = [str(language) for language in self.context.languages]
        self._log: JsonLinesLog | None = None

    def start(self, folder: Path, update: int) -> None:
        """Begin, or go on, at an update."""
        self._log = JsonLinesLog(folder, update, CONFLICT_FILE)

    def observe(self, update: int) -> None:
        """Measure, where it is time."""
        if update % self.every:
            return
        assert self._log is not None
        targets = self._objective.prepare(self._sampler.batch(update), update)
        targets = targets.to(self.engine.device)
        with _at_rest(self.model):
            with (
                self.engine.autocast(),
                self._gradients.watch(targets.batch.language, targets.row, halves=True),
            ):
                losses = self._objective.losses(self.model, targets)
            self._gradients.probe(losses.mean.nansum())
        self._log.write({"update": update, **conflict_row(self._gradients.take(), self._names)})


@contextmanager
def _at_rest(model: nn.Module) -> Iterator[None]:
    """Switch dropout off inside."""
    was_training = model.training
    model.eval()
    try:
        yield
    finally:
        model.train(was_training)
