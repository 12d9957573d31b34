"""What the tables of verdicts and of comparisons share: from roles to rows to judgements."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from isogloss.core import METRICS, Language, Metric
from isogloss.evaluation import Cell
from isogloss.statistics import GAIN_WORDS, INTERFERENCE_WORDS, Difference, difference, judge
from isogloss.study.plan.runs import Role
from isogloss.study.results.outcomes import Counts, Outcomes
from isogloss.study.spec.spec import StudySpec


def cells(outcomes: Outcomes, roles: list[Role]) -> list[Cell]:
    """Return the cells that the runs of some roles measured, in a stable order."""
    found = {cell: None for role in roles for cell in outcomes.by_run[role.run_id].counts}
    return list(found)


def joint_treatments(spec: StudySpec, outcomes: Outcomes) -> list[str]:
    """Return the names of the treatments that train one model for all, as the study lists them."""
    joint = {role.treatment for role in outcomes.roles if not role.match}
    return [entry.label for entry in spec.treatments if entry.label in joint]


def by_training(roles: list[Role]) -> Iterable[tuple[str, Language | None, list[Role]]]:
    """Group roles by task and source language, seeds together."""

    def key(role: Role) -> tuple[str, str]:
        return role.task, str(role.source_language or "")

    for _, group in groupby(sorted(roles, key=key), key=key):
        members = sorted(group, key=lambda role: role.seed)
        yield members[0].task, members[0].source_language, members


def mean_score(counts: Counts, metric: Metric) -> float:
    """Return the score, averaged over seeds."""
    return float(metric.value(counts.sum(axis=1)).mean())


def compare(
    outcomes: Outcomes, references: list[Role], treated: Counts, cell: Cell, *, alpha: float
) -> Difference | None:
    """Return the difference to the reference runs, or None where they did not measure the cell."""
    counts = outcomes.counts(references, cell) if references else None
    metric = METRICS[cell.metric]
    if counts is None:
        return None
    return difference(counts, treated, metric, paired_seeds=outcomes.shares_bases, alpha=alpha)


def gains_over(
    outcomes: Outcomes, roles: list[Role], references: list[Role], *, alpha: float
) -> Iterable[dict[str, Any]]:
    """Yield how much better some runs are than others, cell by cell, not yet judged."""
    for cell in cells(outcomes, roles):
        counts = outcomes.counts(roles, cell)
        if counts is None:
            continue
        found = compare(outcomes, references, counts, cell, alpha=alpha)
        if found is not None:
            yield {
                "mixture": roles[0].mixture_name,
                "task": cell.task,
                "metric": cell.metric,
                "setting": cell.setting,
                "source_language": str(cell.source_language),
                "language": str(cell.target_language),
                "value": mean_score(counts, METRICS[cell.metric]),
                "n_examples": counts.shape[1],
                "difference": found.as_gain(),
                "plateau": outcomes.on_plateau([*roles, *references], cell),
                "note": "",
            }


def judged(rows: list[dict[str, Any]], spec: StudySpec, *, gains: bool) -> list[dict[str, Any]]:
    """Give the rows of one table their verdicts, Holm over its rows of one task and setting."""

    def family(row: dict[str, Any]) -> tuple[str, str, str]:
        return row["task"], row["metric"], row["setting"]

    finished: list[dict[str, Any]] = []
    for (_, metric, _), group in groupby(sorted(rows, key=family), key=family):
        members = list(group)
        compared = [row for row in members if row.get("difference") is not None]
        judgements = judge(
            [row["difference"] for row in compared],
            METRICS[metric],
            smallest_effect=spec.statistics.smallest_effect.get(metric),
            alpha=spec.statistics.alpha,
            words=GAIN_WORDS if gains else INTERFERENCE_WORDS,
            on_plateau=[row["plateau"] for row in compared],
        )
        for row, judgement in zip(compared, judgements, strict=True):
            found: Difference = row["difference"]
            value = "gain" if gains else "interference"
            reference = "reference_value" if gains else "monolingual"
            row |= {
                reference: found.reference,
                value: found.estimate,
                "ci_low": found.ci_low,
                "ci_high": found.ci_high,
                "p": found.p,
                "p_holm": judgement.p_holm,
                "verdict": judgement.verdict,
                "mde": judgement.mde,
                "power": judgement.power,
                "seeds_needed": judgement.seeds_needed,
                "p_no_effect": judgement.p_no_effect,
                "n_seeds": found.n_seeds,
                "note": judgement.note,
            }
        finished += members
    for row in finished:
        row.pop("difference", None)
    return finished


def note(notes: list[dict[str, str]], level: str, text: str) -> None:
    """Append a note once."""
    if {"level": level, "text": text} not in notes:
        notes.append({"level": level, "text": text})
