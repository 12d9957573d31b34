"""Verdicts: every joint model against the monolingual ones, at equal budget or not at all."""

from collections.abc import Iterable
from typing import Any

import pandas as pd

from isogloss.core import MATCHES, METRICS, SEVERAL, TABLES, InputError, Language
from isogloss.statistics import refuse_unequal_budgets
from isogloss.study.plan.runs import Role
from isogloss.study.results.outcomes import Outcomes
from isogloss.study.results.tables.rows import (
    by_training,
    cells,
    compare,
    joint_treatments,
    judged,
    mean_score,
    note,
)
from isogloss.study.spec.spec import StudySpec


def verdicts(spec: StudySpec, outcomes: Outcomes, notes: list[dict[str, str]]) -> pd.DataFrame:
    """Compare every joint model with the monolingual ones, language by language.

    A zero-shot row has no monolingual side (a monolingual model has no zero-shot score); it is
    there because a treatment is never shown without its zero-shot score.

    Args:
        spec: of the study.
        outcomes: finished runs.
        notes: refusals and the like are appended.
    """
    rows = verdict_rows(spec, outcomes, notes)
    return pd.DataFrame(rows, columns=list(TABLES["verdicts"].columns))


def verdict_rows(
    spec: StudySpec, outcomes: Outcomes, notes: list[dict[str, str]]
) -> list[dict[str, Any]]:
    """Return the rows of `verdicts`, with the `roles` that each rests on."""
    rows: list[dict[str, Any]] = []
    for treatment in joint_treatments(spec, outcomes):
        for match in spec.match:
            table = [
                row
                for mixture in spec.mixtures
                for row in _against_monolingual(
                    spec, outcomes, treatment, mixture, match, notes=notes
                )
            ]
            rows += judged(table, spec, gains=False)
    return rows


def _against_monolingual(
    spec: StudySpec,
    outcomes: Outcomes,
    treatment: str,
    mixture: tuple[Language, ...],
    match: str,
    *,
    notes: list[dict[str, str]],
) -> Iterable[dict[str, Any]]:
    """Yield the comparisons of one treatment, mixture and match, not yet judged."""
    all_roles = outcomes.select(treatment=treatment, mixture=mixture, match="")
    for task, source, roles in by_training(all_roles):
        for cell in cells(outcomes, roles):
            counts = outcomes.counts(roles, cell)
            if counts is None:
                continue
            row: dict[str, Any] = {
                "treatment": treatment,
                "mixture": roles[0].mixture_name,
                "match": match,
                "task": cell.task,
                "metric": cell.metric,
                "setting": cell.setting,
                "source_language": str(cell.source_language),
                "language": str(cell.target_language),
                "multilingual": mean_score(counts, METRICS[cell.metric]),
                "n_seeds": len(counts),
                "n_examples": counts.shape[1],
                "note": "",
            }
            if cell.setting == "within_language":
                language = cell.target_language
                references = outcomes.select(
                    treatment="monolingual",
                    mixture=mixture,
                    match=match,
                    learned=(language,),
                    task=task,
                    source_language=language if source == SEVERAL else source,
                )
                refusal = _budget_refusal(outcomes, roles, references, language, match)
                if refusal:
                    note(notes, "refusal", f"{treatment}, {row['mixture']}: {refusal}")
                    row["note"] = refusal
                else:
                    row |= compare(spec, outcomes, roles, references, cell)
            yield row


def _budget_refusal(
    outcomes: Outcomes,
    roles: list[Role],
    references: list[Role],
    language: Language,
    match: str,
) -> str:
    """Return why two sides may not be compared, or an empty string.

    `match: language` asks for the same updates on the language, `match: total` for the same
    updates in all.
    """
    if not references or not roles:
        return ""
    budgets = [
        outcome.updates_on(language) if match == "language" else float(outcome.run.plan.updates)
        for outcome in (outcomes.treated(references[0]), outcomes.treated(roles[0]))
    ]
    try:
        refuse_unequal_budgets({str(language): budgets[0]}, {str(language): budgets[1]})
    except InputError as error:
        return (
            f"not compared with monolingual at the {MATCHES[match]}, because {language} has "
            f"{budgets[1]:g} updates against {budgets[0]:g} ({error.expected})"
        )
    return ""
