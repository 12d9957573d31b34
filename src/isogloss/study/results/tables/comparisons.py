"""Comparisons: every treatment against the controls, what it builds on, its first setting."""

from collections.abc import Iterable
from contextlib import suppress
from typing import Any, Final

import pandas as pd

from isogloss.core import TABLES, InputError, Language
from isogloss.statistics import refuse_unequal_budgets
from isogloss.study.plan.runs import Role
from isogloss.study.results.outcomes import Outcomes
from isogloss.study.results.tables.rows import (
    by_training,
    gains_over,
    joint_treatments,
    judged,
    note,
)
from isogloss.study.spec.spec import StudySpec
from isogloss.treatments import builds_on

CONTROLS: Final = ("untreated", "temperature")


def comparisons(spec: StudySpec, outcomes: Outcomes, notes: list[dict[str, str]]) -> pd.DataFrame:
    """Compare the joint treatments with the controls, in both settings.

    At equal updates in all, or at equal compute (forward-backward passes); what is neither is not
    compared, and a note says so.

    Args:
        spec: of the study.
        outcomes: finished runs.
        notes: refusals and the like are appended.

    Returns:
        The columns of `TABLES["comparisons"]`; gain > 0: the treatment is better.
    """
    rows = comparison_rows(spec, outcomes, notes)
    return pd.DataFrame(rows, columns=list(TABLES["comparisons"].columns))


def comparison_rows(
    spec: StudySpec, outcomes: Outcomes, notes: list[dict[str, str]]
) -> list[dict[str, Any]]:
    """Return the rows of `comparisons`, with the `roles` that each rests on."""
    rows: list[dict[str, Any]] = []
    for treatment, control in compared(spec, outcomes):
        table = [
            row
            for mixture in spec.mixtures
            for row in _against_control(spec, outcomes, treatment, control, mixture, notes=notes)
        ]
        rows += judged(table, spec, gains=True)
    return rows


def compared(spec: StudySpec, outcomes: Outcomes) -> list[tuple[str, str]]:
    """Return which treatment is held against which, by their labels."""
    treatments = joint_treatments(spec, outcomes)
    parents = _parents(spec)
    return [
        (treatment, control)
        for treatment in treatments
        if treatment != "untreated"
        for control in (*CONTROLS, *parents[treatment])
        if control != treatment and control in treatments
    ]


def _parents(spec: StudySpec) -> dict[str, list[str]]:
    """Return by label what a treatment builds on, in every setting, and its own first setting."""
    first = {entry.name: entry.label for entry in reversed(spec.treatments)}
    return {
        entry.label: [
            parent.label
            for parent in spec.treatments
            if parent.name in builds_on(entry.kind)
            or (parent.label == first[entry.name] != entry.label)
        ]
        for entry in spec.treatments
    }


def _against_control(
    spec: StudySpec,
    outcomes: Outcomes,
    treatment: str,
    control: str,
    mixture: tuple[Language, ...],
    *,
    notes: list[dict[str, str]],
) -> Iterable[dict[str, Any]]:
    """Yield the comparisons of a treatment with a control in one mixture, not yet judged."""
    for roles, references in trainings(outcomes, treatment, control, mixture, notes):
        for row in gains_over(spec, outcomes, roles, references):
            yield {"treatment": treatment, "reference": control, **row}


def trainings(
    outcomes: Outcomes,
    treatment: str,
    control: str,
    mixture: tuple[Language, ...],
    notes: list[dict[str, str]],
) -> Iterable[tuple[list[Role], list[Role]]]:
    """Yield the seeds of a treatment and of a control, a task and source language at a time.

    What is the same on both sides, and what had other budgets, is left out with a note.
    """
    for task, source, roles in by_training(
        outcomes.select(treatment=treatment, mixture=mixture, match="")
    ):
        references = outcomes.select(
            treatment=control, mixture=mixture, match="", task=task, source_language=source
        )
        if not references:
            continue
        if [role.run_id for role in roles] == [role.run_id for role in references]:
            note(
                notes,
                "note",
                f"{treatment} and {control} are the same runs for {roles[0].mixture_name}: "
                "the setting chosen by dev score is that of the control.",
            )
            continue
        refusal = _budget_refusal(outcomes, roles[0], references[0])
        if refusal:
            note(notes, "refusal", f"{treatment} is not compared with {control}: {refusal}")
            continue
        yield roles, references


def _budget_refusal(outcomes: Outcomes, role: Role, reference: Role) -> str:
    """Return why two trainings may not be compared, or an empty string."""
    ours, theirs = (outcomes.treated(one).result for one in (role, reference))
    for budget in ("updates", "passes"):
        with suppress(InputError):
            refuse_unequal_budgets({budget: ours[budget]}, {budget: theirs[budget]})
            return ""
    return (
        f"{ours['updates']:g} updates and {ours['passes']:g} passes against "
        f"{theirs['updates']:g} and {theirs['passes']:g} in {role.mixture_name}."
    )
