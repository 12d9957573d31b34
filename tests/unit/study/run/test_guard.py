"""A small checkpoint that training destroys at 0.002, and does not at its own default."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from isogloss.study import Launch, Prepared, StudyPlan, StudySpec, plan_study, prepare, run_study
from isogloss.study.run.execution import execute
from isogloss.study.store.run_folder import run_folder
from unit.study import toys

Joint = tuple[dict[str, Any], dict[str, Any]]


def spec_of(checkpoint: Path, **pretraining: float) -> StudySpec:
    settings = {"updates": 8, "rows": 4, "length": 24, "dev_points": 2, **pretraining}
    return toys.spec(
        model=str(checkpoint), seeds=[0], pretraining=settings, logging={"conflict": 0}
    )


def joint_of(plan: StudyPlan, prepared: Prepared) -> Joint:
    """Do the start and the joint pretraining; return the results of both."""
    [start] = [run for run in plan.runs.values() if run.stage == "start"]
    joint = next(
        run for run in plan.runs.values() if run.stage == "pretrain" and len(run.learned) == 2
    )
    for run in (start, joint):
        execute(run, prepared.folder)
    first, second = (
        run_folder(prepared.folder, run.run_id).read_result() for run in (start, joint)
    )
    return first, second


@pytest.mark.parametrize(("rate", "expected"), [(2e-3, True), (None, False)])
def test_it_fires_at_the_rate_of_small_models_and_not_at_the_default(
    rate: float | None, expected: bool, checkpoint: Path, bed: Path, tmp_path: Path
) -> None:
    spec = spec_of(checkpoint, **({} if rate is None else {"learning_rate": rate}))
    assert spec.pretraining.learning_rate == (rate or 5e-5)
    prepared = prepare(spec, str(bed), tmp_path)
    started, trained = joint_of(plan_study(spec, prepared, {}), prepared)
    guard = trained["guard"]
    assert guard["destroyed"] is expected
    assert guard["start"] == started["guard"]
    assert set(guard["end"]["nats"]) == {"qaa-Latn", "qab-Latn"}
    assert set(guard["end"]["retrieval"]) == {"qaa-Latn~qab-Latn"}
    assert (started["updates"], trained["updates"]) == (0, 16)


def finetuned(checkpoint: Path, bed: Path, folder: Path, rate: float) -> list[Any]:
    """Fine-tune on two languages together; return the guards of the base and of the fine-tuning."""
    settings = {"rows": 8, "length": 24, "epochs": 3, "max_examples": 48, "learning_rate": rate}
    spec = toys.spec(
        model=str(checkpoint),
        seeds=[0],
        treat="finetuning",
        tasks=["pos"],
        pretraining={"updates": 0, "length": 24},
        finetuning=settings,
        logging={"conflict": 0},
    )
    prepared = prepare(spec, str(bed), folder)
    plan = plan_study(spec, prepared, {})
    joint = next(run for run in plan.runs.values() if run.stage == "finetune" and run.is_joint)
    base = plan.runs[str(joint.starts_from)]
    runs = [base, joint]
    if base.starts_from is not None:
        runs.insert(0, plan.runs[base.starts_from])
    for run in runs:
        execute(run, prepared.folder)
    return [run_folder(prepared.folder, run.run_id).read_result() for run in runs[-2:]]


@pytest.mark.parametrize(("rate", "expected"), [(10.0, True), (3e-3, False)])
def test_a_fine_tuning_has_a_guard_too(
    rate: float, expected: bool, checkpoint: Path, bed: Path, tmp_path: Path
) -> None:
    """This checkpoint finds too few translations to lose them: the task decides."""
    base, trained = finetuned(checkpoint, bed, tmp_path, rate)
    guard, pair = trained["guard"], "qaa-Latn~qab-Latn"
    assert guard["start"] == {"retrieval": base["guard"]["few"]}
    assert set(guard["start"]["retrieval"]) == set(guard["end"]["retrieval"]) == {pair}
    for name in ("dev", "dev_chance"):
        assert set(guard["end"][name]) == {"qaa-Latn", "qab-Latn"}
    for name in ("train", "train_chance"):
        assert bool(guard["end"][name]) is expected, "looked at where dev examples leave it open"
    assert guard["destroyed"] is expected


def test_a_study_without_a_verdict_says_why(checkpoint: Path, bed: Path, tmp_path: Path) -> None:
    """In the tables, the diagnoses and the notes."""
    run_study(spec_of(checkpoint, learning_rate=5e-3), str(bed), tmp_path, Launch())
    confounds = pd.read_csv(tmp_path / "confounds.csv")
    assert confounds["destroyed"].any()
    assert confounds[["start_nats", "start_retrieval", "retrieval"]].notna().all(axis=None)
    verdicts = pd.read_csv(tmp_path / "verdicts.csv")
    within = verdicts[verdicts["setting"] == "within_language"]
    assert set(within["verdict"]) == {"UNDECIDED"}
    assert within["note"].str.startswith("DESTROYED").all()
    diagnoses = pd.read_csv(tmp_path / "diagnoses.csv")
    assert set(diagnoses["reason"]) == {"destroyed"}
    notes = json.loads((tmp_path / "notes.json").read_text())
    assert any(note["text"].startswith("DESTROYED") for note in notes)
