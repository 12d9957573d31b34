"""A study from beginning to end: prepare, plan, run, choose, tabulate."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from isogloss.core import InputError, TrainingError, look_up
from isogloss.data import is_test_bed, read_truth
from isogloss.diagnosis import MEASUREMENTS
from isogloss.study.launch.launchers import LAUNCHERS, Failure, NotStarted, Silent, Watcher
from isogloss.study.launch.reuse import reuse_runs
from isogloss.study.plan.estimate import estimate
from isogloss.study.plan.measures import measures_of
from isogloss.study.plan.planning import foresee, plan_study
from isogloss.study.plan.runs import Choice, Run, StudyPlan
from isogloss.study.results.about import write_about
from isogloss.study.results.notes import notes_of, write_notes
from isogloss.study.results.outcomes import read_outcomes
from isogloss.study.results.stages import needed
from isogloss.study.results.tables import (
    averages,
    comparisons,
    diagnoses,
    gap_correlation,
    measured,
    mixtures,
    parameters,
    records,
    transfer_gap,
    truth,
    verdicts,
    with_conflict,
)
from isogloss.study.spec.spec import StudySpec
from isogloss.study.store.lock import study_lock
from isogloss.study.store.prepare import prepare
from isogloss.study.store.prepared import Prepared, open_prepared
from isogloss.study.store.run_folder import remove_damaged, run_folder, write_frame
from isogloss.training import Engine, create_engine, dev_curve


@dataclass(frozen=True)
class Launch:
    """How the runs of a study are started.

    Attributes:
        launcher: a key of `LAUNCHERS`. A script that uses "pool" and treatments of its own needs
            `if __name__ == "__main__":`, because the processes of the pool import it.
        workers: processes of the pool.
        watcher: is told how the runs get on.
        command: what the user typed, for the record.
        reuse: folders of studies whose finished runs may be taken over.
    """

    launcher: str = "inline"
    workers: int = 2
    watcher: Watcher = field(default_factory=Silent)
    command: str = ""
    reuse: tuple[Path, ...] = ()


def run_study(spec: StudySpec, data: str, out: Path, launch: Launch) -> StudyPlan:
    """Do a study, or what is left of it, and write its tables.

    Under `torchrun` every process comes here: the runs are done one after the other, each by all
    processes together, and the first process writes.

    Args:
        spec: of the study.
        data: folder or mapping file that says where the data lie.
        out: the study's folder.
        launch: how to start the runs.

    Returns:
        The plan with every choice made.

    Raises:
        InputError: the input is wrong, the folder holds something else, or another process writes
            this study.
        TrainingError: one or more runs failed; the others are finished and kept.
    """
    look_up(LAUNCHERS, launch.launcher, "launcher")
    engine = create_engine(spec.precision)
    if engine.rank != 0:
        engine.wait_for_everyone()
        plan, _ = _run_all(spec, open_prepared(out), launch, engine)
        engine.wait_for_everyone()  # until the first process has written the tables
        return plan
    began = time.time()
    with study_lock(out, spec):
        prepared = prepare(spec, data, out)
        engine.wait_for_everyone()
        plan, failed = _run_all(spec, prepared, launch, engine)
        write_tables(spec, prepared, plan)
        write_about(spec, prepared, launch.command, began, time.time())
        engine.wait_for_everyone()
        if failed:
            raise failure_of(failed)
    return plan


def _run_all(
    spec: StudySpec, prepared: Prepared, launch: Launch, engine: Engine
) -> tuple[StudyPlan, dict[str, Failure]]:
    """Run, choosing settings by dev score on the way, until nothing is left to plan."""
    chosen: dict[Choice, int] = {}
    failed: dict[str, Failure] = {}
    told, looked_at = set[str](), set[str]()
    while True:
        plan = plan_study(spec, prepared, chosen)
        new = plan.runs.keys() - looked_at
        _heal(prepared.folder, sorted(new), launch, engine, model=False)
        looked_at |= new
        part = needed(spec, prepared, plan)
        unmade = unfinished(part, prepared.folder, failed)
        parents = {run.starts_from for run in unmade if run.starts_from is not None}
        _heal(prepared.folder, sorted(parents), launch, engine, model=True)
        engine.wait_for_everyone()  # all have read the same runs
        if engine.rank == 0:
            reuse_runs(part.runs.values(), prepared.folder, launch.reuse)
        engine.wait_for_everyone()
        left = unfinished(part, prepared.folder, failed)
        if left and engine.rank == 0:
            foreseen = foresee(spec, prepared, chosen)
            launch.watcher.warned([text for text in foreseen.warnings if text not in told])
            told.update(foreseen.warnings)
            launch.watcher.planned(left, _ahead(spec, prepared, foreseen, part))
        failed |= _launch(left, prepared.folder, launch)
        if not plan.open_choices:
            further = unfinished(needed(spec, prepared, plan), prepared.folder, failed)
            if failed or not further:
                return plan, failed
        for key, candidates in plan.open_choices.items():
            if any(run_id in failed for run_id in candidates):
                raise failure_of(failed)
            chosen[key] = best_candidate(prepared.folder, candidates)


def _ahead(
    spec: StudySpec, prepared: Prepared, foreseen: StudyPlan, part: StudyPlan
) -> list[tuple[Run, float]]:
    """Return the runs to do with their seconds; of further stages nobody knows yet which."""
    seeds = set(spec.first_seeds)
    return [
        (foreseen.runs[run_id], cost.seconds)
        for run_id, cost in estimate(foreseen, prepared).runs.items()
        if run_id in part.runs or foreseen.runs[run_id].plan.seed in seeds
    ]


def _heal(study: Path, runs: Sequence[str], launch: Launch, engine: Engine, *, model: bool) -> None:
    """Take damaged runs away, by the first process, and tell of them: they are made again."""
    if engine.rank == 0:
        launch.watcher.warned(remove_damaged(study, runs, model=model))
    engine.wait_for_everyone()


def _launch(runs: list[Run], study: Path, launch: Launch) -> dict[str, Failure]:
    """Start the runs."""
    return LAUNCHERS[launch.launcher](runs, study, launch.workers, launch.watcher) if runs else {}


def unfinished(plan: StudyPlan, study: Path, failed: Mapping[str, object]) -> list[Run]:
    """Return the runs still to do, parents before children."""
    left = [
        run
        for run in plan.runs.values()
        if run.run_id not in failed and not run_folder(study, run.run_id).is_finished()
    ]
    return sorted(left, key=lambda run: run.starts_from is not None)


def best_candidate(study: Path, candidates: list[str]) -> int:
    """Return the index of the candidate with the lowest mean dev loss over its languages."""
    curves = [dev_curve(run_folder(study, run_id).path) for run_id in candidates]
    means = [float(np.mean(list(curve[-1].values()))) if curve else np.nan for curve in curves]
    return int(np.argmin(means))


def choices(spec: StudySpec, prepared: Prepared) -> dict[Choice, int]:
    """Return the choices that finished candidates settle, without running anything."""
    plan = plan_study(spec, prepared, {})
    return {
        key: best_candidate(prepared.folder, candidates)
        for key, candidates in plan.open_choices.items()
        if all(run_folder(prepared.folder, run_id).is_finished() for run_id in candidates)
    }


def write_tables(spec: StudySpec, prepared: Prepared, plan: StudyPlan) -> None:
    """Write the tables and the notes of the finished runs."""
    out = prepared.folder
    notes = [
        *({"level": "warning", "text": text} for text in plan.warnings),
        *({"level": "note", "text": text} for text in (*prepared.facts["warnings"], *plan.notes)),
    ]
    outcomes = read_outcomes(plan, out)
    table = records(spec, outcomes)
    write_frame(table, out / "records.parquet")
    write_frame(table, out / "records.csv")
    measurements = {
        name: measured(MEASUREMENTS[name], outcomes, prepared) for name in measures_of(spec)
    }
    for name, rows in measurements.items():
        write_frame(rows, out / f"{name}.csv")
    found = measurements["confounds"]
    outcomes = outcomes.judged_by(found)
    judged = with_conflict(
        verdicts(spec, outcomes, notes),
        measurements["conflict"],
        of_task=spec.treated == "finetune",
    )
    write_frame(judged, out / "verdicts.csv")
    if is_test_bed(prepared.facts["data"]):
        write_frame(truth(judged, read_truth(prepared.facts["data"])), out / "truth.csv")
    write_frame(comparisons(spec, outcomes, notes), out / "comparisons.csv")
    write_frame(mixtures(spec, outcomes, notes), out / "mixtures.csv")
    write_frame(parameters(outcomes), out / "parameters.csv")
    if outcomes.shares_bases:
        write_frame(averages(spec, outcomes), out / "averages.csv")
        gaps = transfer_gap(table)
        write_frame(gaps, out / "transfer_gap.csv")
        if "representations" in measurements:
            found_alike = gap_correlation(gaps, measurements["representations"], table)
            write_frame(found_alike, out / "gap_correlation.csv")
    write_frame(diagnoses(judged, found), out / "diagnoses.csv")
    write_notes(out, [*notes, *notes_of(spec, plan, outcomes, confounds=found)])


def failure_of(failed: Mapping[str, Failure]) -> Failure:
    """Return the error of a study from those of its runs: each cause once.

    Args:
        failed: error by run id.

    Returns:
        An `InputError` where every cause is a mistake that the user can mend, else a
        `TrainingError`.
    """
    runs_by_cause: dict[str, list[str]] = {}
    for run_id, error in failed.items():
        runs_by_cause.setdefault(str(error), []).append(run_id)
    own = [one for one in failed.values() if not isinstance(one, NotStarted)]
    causes = {str(one): one for one in own}
    mistakes = [one for one in causes.values() if isinstance(one, InputError)]
    if mistakes and len(mistakes) == len(causes):
        first = mistakes[0]
        runs = ", ".join(runs_by_cause[str(first)])
        return InputError(
            expected=first.expected,
            found=first.found,
            where=f"{first.where} (in {runs})",
            next_step=f"{first.next_step} {len(own)} of the runs failed; the others are kept.",
        )
    lines = [f"{text} ({', '.join(runs)})" for text, runs in runs_by_cause.items()]
    return TrainingError(
        f"{len(own)} of the runs failed; the others are kept.\n" + "\n".join(lines)
    )
