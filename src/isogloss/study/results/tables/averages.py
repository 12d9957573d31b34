"""Averages: what a treatment of fine-tuning gains in the mean over the languages."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

import pandas as pd

from isogloss.core import METRICS, TABLES
from isogloss.evaluation import Cell
from isogloss.statistics import Difference, mean_difference
from isogloss.study.plan.runs import Role
from isogloss.study.results.outcomes import Outcomes
from isogloss.study.results.tables.comparisons import compared, trainings
from isogloss.study.results.tables.rows import cells, judged, stages_of
from isogloss.study.spec.spec import StudySpec


def averages(spec: StudySpec, outcomes: Outcomes) -> pd.DataFrame:
    """Return the mean gain of each treatment over the languages of a setting, metric by metric.

    All languages weigh alike. Holm's correction is over the treatments that are held against one
    reference: the question is which of them helps at all. Only for studies that treat fine-tuning,
    whose languages are tested on one model.

    Args:
        spec: of the study.
        outcomes: finished runs.

    Returns:
        The columns of `TABLES["averages"]`; gain > 0: the treatment is better.
    """
    rows = average_rows(spec, outcomes)
    return pd.DataFrame(rows, columns=list(TABLES["averages"].columns))


def average_rows(spec: StudySpec, outcomes: Outcomes) -> list[dict[str, Any]]:
    """Return the rows of `averages`, with the `roles` that each rests on."""
    rows: list[dict[str, Any]] = []
    pairs = compared(spec, outcomes) if outcomes.shares_bases else []
    for reference in dict.fromkeys(control for _, control in pairs):
        table = [
            {"treatment": treatment, "reference": control, **row}
            for treatment, control in pairs
            if control == reference
            for mixture in spec.mixtures
            # The comparisons' table has said already what is left out.
            for roles, references in trainings(outcomes, treatment, control, mixture, [])
            for row in _means(spec, outcomes, roles, references)
        ]
        rows += judged(table, spec, gains=True)
    return rows


def _means(
    spec: StudySpec, outcomes: Outcomes, roles: list[Role], references: list[Role]
) -> Iterable[dict[str, Any]]:
    """Yield the mean gain in each setting and by each metric, not yet judged."""

    def place(cell: Cell) -> tuple[str, str]:
        return cell.setting, cell.metric

    for (name, _), group in groupby(sorted(cells(outcomes, roles), key=place), key=place):
        measured = list(group)
        metric = METRICS[measured[0].metric]
        sides = stages_of(spec, roles, references)
        stages: list[Difference] = []
        for ours, theirs in sides:
            pairs = [(outcomes.counts(theirs, c), outcomes.counts(ours, c)) for c in measured]
            whole = [(one, other) for one, other in pairs if not (one is None or other is None)]
            if len(whole) < len(pairs):
                break
            paired, alpha = outcomes.shares_bases, spec.statistics.alpha
            found = mean_difference(whole, metric, paired_seeds=paired, alpha=alpha)
            stages.append(found.as_gain())
        if not stages:
            continue
        rests_on = [*sides[len(stages) - 1][0], *sides[len(stages) - 1][1]]
        yield {
            "mixture": roles[0].mixture_name,
            "task": measured[0].task,
            "metric": metric.name,
            "setting": name,
            "n_languages": len(measured),
            "n_examples": stages[0].n_examples,
            "stages": stages,
            "roles": rests_on,
            "plateau": any(outcomes.on_plateau(rests_on, cell) for cell in measured),
            "destroyed": outcomes.is_destroyed(rests_on),
            "note": "",
        }
