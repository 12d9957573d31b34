"""What to do, in one sentence: together, apart, which treatment, or what would decide it."""

from collections.abc import Iterable, Mapping
from typing import Final

import pandas as pd

from isogloss.core import DIAGNOSIS_COLUMNS
from isogloss.report.study_files import NotMeasured, StudyFiles, number
from isogloss.report.text.diagnosed import diagnosed, leanings, of_subject, over_tasks
from isogloss.report.text.earned import merits
from isogloss.report.text.naming import language_names, who
from isogloss.report.text.wording import plural, treatment_name

# Diagnosis -> what to do with the languages that have it, in this order.
_ADVICE: Final[Mapping[str, str]] = {
    "interference": "train {who} apart",
    "cost_of_sharing": "train {who} apart, unless one model for all is worth the compute",
    "transfer_at_a_price": "train {who} with the others where text is scarce, "
    "apart where compute is",
    "transfer": "train {who} together with the others",
    "no_interference": "train {who} together or apart, as is convenient",
    "mixed": "decide for {who} by what the model is for, as loss and tasks disagree",
}
# Reason why languages are undecided -> what to do, where no number is needed.
_REMEDIES: Final[Mapping[str, str]] = {
    "destroyed": "lower the learning rate: training destroyed the checkpoint",
    "not_compared": "compare under both budgets, `match: [language, total]`",
    "few_examples": "add test examples: no number of seeds is enough",
    "contradiction": "look at the learning curves of their monolingual models",
}
_APART: Final = ("interference", "cost_of_sharing", "mixed")


def what_to_do(study: StudyFiles) -> str:
    """Return one sentence that says what a user of this study should do next.

    Args:
        study: a finished study.

    Returns:
        The sentence; "" where nothing was compared with a monolingual model and no treatment has
        earned its cost.
    """
    try:
        diagnoses = of_subject(diagnosed(study))
    except NotMeasured:
        diagnoses = pd.DataFrame(columns=list(DIAGNOSIS_COLUMNS))
    table = over_tasks(diagnoses)
    names = language_names(study)
    clauses = [
        advice.format(who=who(rows, names, table))
        for diagnosis, advice in _ADVICE.items()
        if not (rows := table[table["diagnosis"] == diagnosis]).empty
    ]
    hurt = table[[one == "HURT same compute" for one in leanings(diagnoses)]]
    if len(hurt):
        clauses.append(f"where compute is the limit, train {who(hurt, names, table)} apart")
    best = next((one for one in merits(study) if one.earned), None)
    if best is not None:
        name = treatment_name(best.treatment).lower()
        instead = "or, for one model, " if table["diagnosis"].isin(_APART).any() else ""
        clauses.append(f"{instead}use {name}, which has earned its cost")
    clauses += _open(table, names)
    said = "; ".join(clauses)
    return f"{said[:1].upper()}{said[1:]}." if said else ""


# Beyond this, more of the same is no advice.
_MOST_SEEDS: Final = 50


def _open(table: pd.DataFrame, names: Mapping[str, str]) -> Iterable[str]:
    """Yield, for each reason why languages are undecided, what would decide them."""
    rows = table[table["diagnosis"] == "undecided"]
    for reason in dict.fromkeys(rows["reason"].map(_first)):
        chosen = rows[rows["reason"].map(_first) == reason]
        whom = "" if len(chosen) == len(table) else f" {who(chosen, names, table)}"
        yield f"to decide{whom}, {_needed(reason, chosen)}"


def _first(reason: str) -> str:
    """A language whose tasks are undecided for several reasons is told the one of more seeds."""
    return "underpowered" if ":" in reason or not reason else reason


def _needed(reason: str, rows: pd.DataFrame) -> str:
    """What languages that are undecided for one reason need."""
    n_seeds = int(rows["n_seeds"].min())
    if reason == "plateau":
        updates = rows["updates_needed"].max()
        much = f"to at least {int(updates):,} updates per language" if updates > 0 else "longer"
        return f"train {much}: the models have not left the unigram plateau"
    if reason in _REMEDIES:
        return _REMEDIES[reason]
    needed = max(map(number, rows["seeds_needed"].dropna()), default=0)
    if reason == "one_seed":
        return f"run at least {plural(max(3, int(needed or 0)), 'seed')}"
    if needed > _MOST_SEEDS:
        return (
            f"no affordable number of seeds would do ({int(needed):,}, from the variance of this "
            "study): train longer, test on more examples, or set a larger smallest effect"
        )
    if needed > n_seeds:
        return (
            f"run {plural(int(needed) - n_seeds, 'more seed')} ({int(needed)} in all, "
            "from the variance of this study)"
        )
    return "add seeds or test examples"
