"""One run: train or score, write. A pure function of the run's description."""

import shutil
import time
from pathlib import Path
from typing import Any, Final

import torch
import yaml

from isogloss.core import write_atomically
from isogloss.evaluation import write_predictions
from isogloss.models import model_size
from isogloss.study.plan.runs import Run
from isogloss.study.plan.speed import machine_name
from isogloss.study.run.finetuning import finetune
from isogloss.study.run.measured import finished_run, keep_measured
from isogloss.study.run.pretraining import pretrain
from isogloss.study.run.scoring import score
from isogloss.study.run.start import start
from isogloss.study.run.work import Work, peak_memory_mb, reset_peak_memory
from isogloss.study.store.prepared import open_prepared
from isogloss.study.store.run_folder import run_folder
from isogloss.training import Engine, TrainingResult, create_engine

_STAGES: Final = {"start": start, "pretrain": pretrain, "score": score, "finetune": finetune}


def execute(run: Run, study: Path) -> None:
    """Do one run, or what is left of it; do nothing when it is finished.

    Args:
        run: what to do.
        study: folder of the study; the run it starts from must be finished.

    Raises:
        TrainingError: a loss is not finite.
        InputError: data or files cannot be read or written.
    """
    folder = run_folder(study, run.run_id)
    if folder.is_finished():
        return
    began = time.perf_counter(), time.process_time()
    resumes = (folder.path / "checkpoint").is_dir()
    engine = create_engine(run.plan.precision, model_size(run.model).hidden)
    prepared = open_prepared(study)
    is_main = engine.rank == 0
    if is_main:
        write_atomically(
            folder.path / "spec.yaml", yaml.safe_dump(_spec_file(run), sort_keys=False)
        )
        folder.write_status("running")
    reset_peak_memory()
    work = _STAGES[run.stage](run, prepared, engine, folder)
    if is_main:
        write_predictions(work.predictions, folder.predictions)
        finished = finished_run(run, prepared, _cost(run, work.training), work.model)
        keep_measured(run.measures, finished, folder)
        (folder.path / "checkpoint" / "last.safetensors").unlink(missing_ok=True)
        shutil.rmtree(folder.path / "checkpoint" / "earlier", ignore_errors=True)
        took = {} if resumes else _took(*began)
        folder.finish(_result_file(run, work, engine) | took)
        folder.write_status("done")
    engine.wait_for_everyone()


def _spec_file(run: Run) -> dict[str, Any]:
    """Return the content of the run's `spec.yaml`."""
    return {"run_id": run.run_id, "spec_hash": run.spec_hash, **run.describe()}


def _took(wall: float, core: float) -> dict[str, Any]:
    """Return what a whole run took: what `plan` calibrates by. Not known of a resumed one."""
    return {
        "seconds": round(time.perf_counter() - wall, 3),
        "core_seconds": round(time.process_time() - core, 3),
        "machine": machine_name(),
    }


def _result_file(run: Run, work: Work, engine: Engine) -> dict[str, Any]:
    """Return the content of the run's `result.json`."""
    return {
        "run_id": run.run_id,
        **_cost(run, work.training),
        "peak_memory_mb": peak_memory_mb(),
        **work.facts,
        "precision": engine.precision,
        "device": str(engine.device),
        "world_size": engine.world_size,
        "threads": torch.get_num_threads(),
        "finished": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
    }


def _cost(run: Run, training: TrainingResult | None) -> dict[str, Any]:
    """Return what a training took and what it read; nothing where nothing was trained."""
    if training is None:
        return {}
    names = [str(language) for language in run.plan.languages]
    rows = dict(zip(names, training.rows_by_language, strict=True))
    return {
        "updates": training.updates,
        "passes": training.passes,
        "wall_s": round(training.wall_s, 3),
        "rows": rows,
        "tokens": {name: n * run.plan.length for name, n in rows.items()},
        "epochs": dict(zip(names, training.epochs_by_language, strict=True)),
    }
