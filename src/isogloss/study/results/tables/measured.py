"""The table of a measurement: its rows, joined with what each run stands for."""

from typing import Any

import pandas as pd

from isogloss.core import ROLE_COLUMNS
from isogloss.diagnosis import Measurement
from isogloss.study.plan.runs import Role
from isogloss.study.results.outcomes import Outcome, Outcomes
from isogloss.study.run.measured import (
    Unigram,
    finished_run,
    frame_of,
    read_measured,
    unigram_of,
)
from isogloss.study.store.prepared import Prepared
from isogloss.study.store.run_folder import run_folder


def measured(measurement: Measurement, outcomes: Outcomes, prepared: Prepared) -> pd.DataFrame:
    """Return the rows of a measurement over all finished runs of its stages.

    Args:
        measurement: an entry of `MEASUREMENTS`.
        outcomes: finished runs; those that did not make the measurement have no row.
        prepared: material, for measurements that are made with the tables.

    Returns:
        The columns `ROLE_COLUMNS` and the measurement's own; `run_id` is the training's, `mixture`
        that of the study, or the one language of a monolingual model. A run that plays several
        roles is there once for each.
    """
    made: dict[str, pd.DataFrame | None] = {}
    unigram = unigram_of(prepared)
    frames: list[pd.DataFrame] = []
    for role in outcomes.roles:
        outcome = outcomes.trained(role)
        if outcome.run.stage not in measurement.stages:
            continue
        run_id = outcome.run.run_id
        if run_id not in made:
            made[run_id] = _rows(measurement, outcome, prepared, unigram)
        rows = made[run_id]
        if rows is not None and not rows.empty:
            frames.append(rows.assign(**_role(role, run_id)))
    columns = [*ROLE_COLUMNS, *measurement.columns]
    if not frames:
        return pd.DataFrame(columns=columns)
    return pd.concat(frames, ignore_index=True)[columns].drop_duplicates(ignore_index=True)


def _rows(
    measurement: Measurement, outcome: Outcome, prepared: Prepared, unigram: Unigram
) -> pd.DataFrame | None:
    """Return the rows of one run."""
    run = outcome.run
    if measurement.when == "run":
        return read_measured(measurement.name, run_folder(prepared.folder, run.run_id))
    finished = finished_run(run, prepared, outcome.result, unigram=unigram)
    return frame_of(measurement, finished)


def _role(role: Role, run_id: str) -> dict[str, Any]:
    """Return the columns that say what a run stands for."""
    return {
        "run_id": run_id,
        "treatment": role.treatment,
        "mixture": role.learned_name if role.match else role.mixture_name,
        "match": role.match,
        "task": role.task,
        "seed": role.seed,
    }
