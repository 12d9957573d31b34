"""What pretraining and fine-tuning have in common: the loop around a model, and what comes out."""

import re
import resource
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from torch import nn

from isogloss.diagnosis import ConflictProbe
from isogloss.evaluation import PredictionTable
from isogloss.models import MultilingualModel
from isogloss.study.plan.runs import Run
from isogloss.study.store.run_folder import RunFolder
from isogloss.training import (
    BuildContext,
    Engine,
    LoopSettings,
    SamplerSpec,
    TensorBoardLog,
    Training,
    TrainingResult,
)


@dataclass(frozen=True)
class Work:
    """What a run brought.

    Attributes:
        training: cost of the training; None where nothing was trained.
        predictions: for every test set.
        facts: further entries of `result.json`, such as examples that were cut.
        model: the encoder as the run left it, for measurements.
    """

    training: TrainingResult | None
    predictions: list[PredictionTable]
    facts: dict[str, Any] = field(default_factory=dict)
    model: MultilingualModel | None = None


def train(
    run: Run,
    model: nn.Module,
    context: BuildContext,
    engine: Engine,
    folder: RunFolder,
    *,
    slots: dict[str, tuple[int, ...]],
    evaluate_dev: Callable[[nn.Module], dict[str, float]] | None = None,
    looks_at: SamplerSpec,
) -> TrainingResult:
    """Run the training loop of one run; `looks_at`: equal shares, to see gradient conflict in."""
    observers = []
    if run.conflict:
        objective = run.plan.objective
        observers = [ConflictProbe(model, context, objective, looks_at, engine, run.conflict)]
    training = Training(
        plan=run.plan,
        model=model.to(engine.device),
        context=context,
        engine=engine,
        slots=slots,
        evaluate_dev=evaluate_dev,
        extra_logs=[TensorBoardLog(folder.path)] if run.tensorboard and engine.rank == 0 else [],
        observers=observers,
    )
    settings = LoopSettings(
        log_every=max(1, min(50, run.plan.updates // 40)),
        dev_every=-(-run.plan.updates // run.dev_points),
        checkpoint_seconds=run.checkpoint_seconds,
    )
    return training.run(folder.path, settings)


_STATUS = Path("/proc/self/status")
_CLEAR = Path("/proc/self/clear_refs")


def reset_peak_memory() -> None:
    """Start the account of the peak anew, where Linux allows it: a process does many runs."""
    try:
        _CLEAR.write_text("5")
    except OSError:
        return


def peak_memory_mb() -> float:
    """Return the largest resident set since the last reset (or since the start), in MiB."""
    if _STATUS.is_file():
        found = re.search(r"VmHWM:\s+(\d+) kB", _STATUS.read_text())
        if found:
            return round(int(found.group(1)) / 1024, 1)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (1024 * 1024 if sys.platform == "darwin" else 1024), 1)
