"""What the tables of verdicts and of comparisons share: from roles to rows to judgements."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any, Final

from isogloss.core import METRICS, Language, Metric
from isogloss.evaluation import Cell
from isogloss.statistics import (
    GAIN_WORDS,
    INTERFERENCE_WORDS,
    Comparison,
    Difference,
    SequentialDesign,
    difference,
    judge_stages,
)
from isogloss.study.plan.runs import Role
from isogloss.study.results.outcomes import Counts, Outcomes
from isogloss.study.spec.spec import StudySpec

Sides = tuple[list[Role], list[Role]]

DESTROYED_NOTE: Final = (
    "DESTROYED: no verdict. Training destroyed the checkpoint that a model of this comparison "
    "started from: lower the learning rate."
)


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


def stages_of(spec: StudySpec, roles: list[Role], references: list[Role]) -> list[Sides]:
    """Return both sides of a comparison at each analysis whose seeds are there.

    The first is there whatever its seeds are: runs that failed leave fewer.
    """
    stages: list[Sides] = []
    for size in design_of(spec).seeds:
        seeds = set(spec.every_seed[:size])
        sides = tuple([role for role in side if role.seed in seeds] for side in (roles, references))
        whole = all({role.seed for role in side} == seeds for side in sides)
        if stages and not whole:
            break
        stages.append((sides[0], sides[1]))
    return stages


def compare(
    spec: StudySpec, outcomes: Outcomes, roles: list[Role], references: list[Role], cell: Cell
) -> dict[str, Any]:
    """Return the differences to the reference runs, one an analysis, and which runs they rest on.

    Returns:
        `stages`, `plateau`, `destroyed` and `roles` of a row; nothing where a side did not measure
        the cell.
    """
    stages: list[Difference] = []
    sides = stages_of(spec, roles, references) if references else []
    for ours, theirs in sides:
        treated, counts = outcomes.counts(ours, cell), outcomes.counts(theirs, cell)
        if treated is None or counts is None:
            break
        stages.append(
            difference(
                counts,
                treated,
                METRICS[cell.metric],
                paired_seeds=outcomes.shares_bases,
                alpha=spec.statistics.alpha,
            )
        )
    if not stages:
        return {}
    measured = [*sides[len(stages) - 1][0], *sides[len(stages) - 1][1]]
    return {
        "stages": stages,
        "plateau": outcomes.on_plateau(measured, cell),
        "destroyed": outcomes.is_destroyed(measured),
        "roles": measured,
    }


def gains_over(
    spec: StudySpec, outcomes: Outcomes, roles: list[Role], references: list[Role]
) -> Iterable[dict[str, Any]]:
    """Yield how much better some runs are than others, cell by cell, not yet judged."""
    for cell in cells(outcomes, roles):
        counts = outcomes.counts(roles, cell)
        if counts is None:
            continue
        found = compare(spec, outcomes, roles, references, cell)
        if found:
            yield {
                "mixture": roles[0].mixture_name,
                "task": cell.task,
                "metric": cell.metric,
                "setting": cell.setting,
                "source_language": str(cell.source_language),
                "language": str(cell.target_language),
                "n_examples": counts.shape[1],
                **found,
                "stages": [one.as_gain() for one in found["stages"]],
                "note": "",
            }


def judged(rows: list[dict[str, Any]], spec: StudySpec, *, gains: bool) -> list[dict[str, Any]]:
    """Give the rows of one table their verdicts, Holm over its rows of one task and setting."""

    def family(row: dict[str, Any]) -> tuple[str, str, str]:
        return row["task"], row["metric"], row["setting"]

    finished: list[dict[str, Any]] = []
    for (_, metric, _), group in groupby(sorted(rows, key=family), key=family):
        members = list(group)
        compared = [row for row in members if row.get("stages")]
        design = design_of(spec)
        judgements = judge_stages(
            [
                Comparison(_filled(row["stages"], design), row["plateau"] or row["destroyed"])
                for row in compared
            ],
            METRICS[metric],
            design,
            words=GAIN_WORDS if gains else INTERFERENCE_WORDS,
            smallest_effect=spec.statistics.smallest_effect.get(metric),
            alpha=spec.statistics.alpha,
        )
        for row, judgement in zip(compared, judgements, strict=True):
            found = judgement.difference
            value = "gain" if gains else "interference"
            reference = "reference_value" if gains else "monolingual"
            row |= {
                reference: found.reference,
                "value" if gains else "multilingual": found.treated,
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
                "note": DESTROYED_NOTE if row["destroyed"] else judgement.note,
                "analysis": judgement.analysis + 1,
                "open": judgement.open,
            }
        finished += members
    return finished


def _filled(stages: list[Difference], design: SequentialDesign) -> tuple[Difference | None, ...]:
    """Return the comparison at each analysis of a design, None where its seeds are not there."""
    return (*stages, *[None] * (len(design.seeds) - len(stages)))


def design_of(spec: StudySpec) -> SequentialDesign:
    """Return the analyses of a study: one, unless its seeds are run until decided."""
    if isinstance(spec.seeds, tuple):
        return SequentialDesign((len(spec.seeds),))
    return SequentialDesign.between(spec.seeds.first, spec.seeds.most)


def note(notes: list[dict[str, str]], level: str, text: str) -> None:
    """Append a note once."""
    if {"level": level, "text": text} not in notes:
        notes.append({"level": level, "text": text})
