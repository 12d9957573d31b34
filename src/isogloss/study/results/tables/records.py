"""Records: the scores of every run, and how many numbers each language uses, shared and its own."""

from typing import Any

import pandas as pd

from isogloss import __version__
from isogloss.core import METRICS, TABLES, Record, records_frame
from isogloss.evaluation import Cell
from isogloss.study.plan.runs import Role
from isogloss.study.results.outcomes import Outcome, Outcomes
from isogloss.study.spec.spec import StudySpec


def records(spec: StudySpec, outcomes: Outcomes) -> pd.DataFrame:
    """Return one row per number that the study measured."""
    rows: dict[tuple[Any, ...], Record] = {}
    for role in outcomes.roles:
        scored, trained = outcomes.by_run[role.run_id], outcomes.trained(role)
        for cell in scored.counts:
            record = _record(spec, role, scored, trained, cell)
            key = (role.run_id, role.treatment, record.mixture, role.match, cell)
            rows.setdefault(key, record)
    return records_frame(list(rows.values()))


def _record(spec: StudySpec, role: Role, scored: Outcome, trained: Outcome, cell: Cell) -> Record:
    """Return one number with where it came from, and what its training took."""
    counts, result = scored.counts[cell], trained.result
    return Record(
        study=spec.name,
        run_id=role.run_id,
        treatment=role.treatment,
        mixture=role.learned_name,
        match=role.match,
        languages=len(role.learned),
        seed=role.seed,
        stage=role.stage,
        task=cell.task,
        metric=cell.metric,
        setting=cell.setting,
        source_language=str(cell.source_language),
        target_language=str(cell.target_language),
        value=float(METRICS[cell.metric].value(counts.sum(axis=0))),
        n_examples=len(counts),
        status="ok",
        updates=result["updates"],
        tokens=sum(result["tokens"].values()),
        passes=result["passes"],
        wall_s=result["wall_s"],
        peak_memory_mb=result["peak_memory_mb"],
        spec_hash=scored.run.spec_hash,
        version=__version__,
    )


def parameters(outcomes: Outcomes) -> pd.DataFrame:
    """Return one row per treatment, mixture and language; seeds and budget matches do not differ.

    Args:
        outcomes: finished runs; runs from before models were counted have no row.

    Returns:
        The columns of `TABLES["parameters"]`; `mixture` is what one model learned.
    """
    rows: dict[tuple[str, str, str], dict[str, Any]] = {}
    for role in outcomes.roles:
        if role.stage != "pretrain":
            continue
        for row in outcomes.trained(role).result.get("parameters", ()):
            key = (role.treatment, role.learned_name, row["language"])
            names = dict(zip(("treatment", "mixture", "language"), key, strict=True))
            rows.setdefault(key, names | row)
    return pd.DataFrame(list(rows.values()), columns=list(TABLES["parameters"].columns))
