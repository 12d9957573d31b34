"""Mixtures: what more languages in the mixture do to plain joint training."""

from collections.abc import Iterable
from itertools import permutations
from typing import Any

import pandas as pd

from isogloss.core import TABLES, InputError
from isogloss.statistics import refuse_unequal_budgets
from isogloss.study.plan.runs import Mixture, Role
from isogloss.study.results.outcomes import Outcomes
from isogloss.study.results.tables.rows import by_training, gains_over, judged, note
from isogloss.study.spec.spec import StudySpec

_TREATMENT = "untreated"


def mixtures(spec: StudySpec, outcomes: Outcomes, notes: list[dict[str, str]]) -> pd.DataFrame:
    """Compare each mixture with every smaller one inside it, in the languages that both learned.

    Both sides have the same updates on a language (the budget of a study is per language), so the
    wider mixture was trained longer in all. Mixtures whose budgets on a language of the smaller one
    differ by more than 1 % are not compared, and a note says so.

    Args:
        spec: of the study.
        outcomes: finished runs.
        notes: refusals are appended.

    Returns:
        The columns of `TABLES["mixtures"]`; gain > 0: the wider mixture is better. Empty where no
        mixture of the study holds another one.
    """
    rows = mixture_rows(spec, outcomes, notes)
    return pd.DataFrame(rows, columns=list(TABLES["mixtures"].columns))


def mixture_rows(
    spec: StudySpec, outcomes: Outcomes, notes: list[dict[str, str]]
) -> list[dict[str, Any]]:
    """Return the rows of `mixtures`, with the `roles` that each rests on."""
    rows = [
        row
        for narrow, wide in permutations(spec.mixtures, 2)
        if set(narrow) < set(wide)
        for row in _wider(spec, outcomes, narrow, wide, notes)
    ]
    return judged(rows, spec, gains=True)


def _wider(
    spec: StudySpec,
    outcomes: Outcomes,
    narrow: Mixture,
    wide: Mixture,
    notes: list[dict[str, str]],
) -> Iterable[dict[str, Any]]:
    """Yield what both mixtures were tested on, not yet judged."""
    for task, source, roles in by_training(
        outcomes.select(treatment=_TREATMENT, mixture=wide, match="")
    ):
        references = outcomes.select(
            treatment=_TREATMENT, mixture=narrow, match="", task=task, source_language=source
        )
        if not references:
            continue
        refusal = _budget_refusal(outcomes, roles, references)
        if refusal:
            note(notes, "refusal", refusal)
            continue
        names = {"treatment": _TREATMENT, "reference_mixture": references[0].mixture_name}
        for row in gains_over(spec, outcomes, roles, references):
            yield {**names, **row}


def _budget_refusal(outcomes: Outcomes, roles: list[Role], references: list[Role]) -> str:
    """Return why two mixtures may not be compared, or an empty string."""
    narrow, wide = (outcomes.treated(one[0]) for one in (references, roles))
    learned = references[0].learned
    try:
        refuse_unequal_budgets(
            {str(language): narrow.updates_on(language) for language in learned},
            {str(language): wide.updates_on(language) for language in learned},
        )
    except InputError as error:
        return (
            f"{_TREATMENT}: {roles[0].mixture_name} is not compared with "
            f"{references[0].mixture_name}, because {error.where} has {error.found} updates "
            f"({error.expected})"
        )
    return ""
