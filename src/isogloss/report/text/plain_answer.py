"""The result in sentences: what each language's diagnosis is, and what it rests on."""

import math
from collections.abc import Mapping
from typing import Final

import pandas as pd

from isogloss.core import MATCHES, METRICS
from isogloss.report.study_files import Row, number
from isogloss.report.text.diagnosed import by_task, diagnosis_name, leanings, over_tasks
from isogloss.report.text.naming import who
from isogloss.report.text.wording import (
    amount,
    difference,
    in_bits,
    joined,
    match_name,
    percent,
    plural,
    task_name,
)

_PLACES: Final = 3
_MANY: Final = 8
_UNDERSTATES: Final = (
    "Masked-LM loss understates what mixing gives downstream: worth 2 to 3 times the data on loss, "
    "2 to 13 times on tasks, in about 1,000 runs (arXiv 2605.13225). Read both."
)
# Diagnosis -> a clause for one language, for several.
_CLAUSES: Final[Mapping[str, tuple[str, str]]] = {
    "interference": ("{} is hurt by learning together", "{} are hurt by learning together"),
    "cost_of_sharing": (
        "{} does as well with the same data, but the compute would do more alone",
        "{} do as well with the same data, but the compute would do more alone",
    ),
    "transfer_at_a_price": (
        "{} gains with the same data, but the compute would do more alone",
        "{} gain with the same data, but the compute would do more alone",
    ),
    "transfer": ("{} gains from learning together", "{} gain from learning together"),
    "no_interference": (
        "{} shows no interference of interest",
        "{} show no interference of interest",
    ),
    "mixed": (
        "{} has one diagnosis on loss or one task and another elsewhere",
        "{} have one diagnosis on loss or one task and another elsewhere",
    ),
    "undecided": ("{} is undecided", "{} are undecided"),
}
# With one budget only there is no diagnosis, and the verdicts are named with their budget.
_VERBS: Final = {"HURT": "hurts", "HELPED": "helps"}


def headline(table: pd.DataFrame, names: Mapping[str, str]) -> str:
    """Say the result in one sentence, from the diagnoses over all tasks.

    Args:
        table: diagnoses of one treatment.
        names: of the languages.
    """
    rows = over_tasks(table)
    if set(rows["reason"]) == {"not_compared"}:
        return _of_one_budget(by_task(table), names)
    found = list(zip(rows["diagnosis"], leanings(table), strict=True))
    if set(found) == {("undecided", "")}:
        return "Undecided: this study cannot tell yet whether learning together hurts."
    # A headline that names a score of languages is none; the grid below it names each.
    many = len(rows) > _MANY
    clauses = []
    for diagnosis, clause in _CLAUSES.items():
        for leaning in dict.fromkeys(side for name, side in found if name == diagnosis):
            chosen = rows[[one == (diagnosis, leaning) for one in found]]
            several = chosen["language"].nunique() > 1
            words = _leaning(leaning, several=several) if leaning else clause[several]
            whom = f"{len(chosen)} of {len(rows)}" if many else who(chosen, names, rows)
            clauses.append(words.format(whom))
    said = "; ".join(clauses)
    return f"{said[:1].upper()}{said[1:]}."


def _leaning(leaning: str, *, several: bool) -> str:
    """Return a clause on what is undecided in all and significant with one budget.

    Example:
        >>> _leaning("HURT same data", several=False)
        '{} is hurt with the same data, and is undecided with the same compute'
    """
    verdict, _, side = leaning.partition(" ")
    (other,) = set(MATCHES.values()) - {side}
    verb = "are" if several else "is"
    return f"{{}} {verb} {verdict.lower()} with the {side}, and {verb} undecided with the {other}"


def _of_one_budget(table: pd.DataFrame, names: Mapping[str, str]) -> str:
    """Say what the one comparison found, and that it is one."""
    column, other = ("same_data", "same compute")
    if not (table["same_data"] != "").any():
        column, other = ("same_compute", "same data")
    here = column.replace("_", " ")
    clauses = [
        f"{verb} {who(chosen, names, table)}"
        for verdict, verb in _VERBS.items()
        if not (chosen := table[table[column] == verdict]).empty
    ]
    found = f"learning together {joined(clauses)}" if clauses else "no difference is significant"
    return f"With the {here}, {found}. The {other} was not compared, so there is no diagnosis."


def loss_and_tasks(table: pd.DataFrame, names: Mapping[str, str]) -> str:
    """Say where masked-LM loss and the tasks have different diagnoses; "" where nothing is decided.

    Args:
        table: diagnoses of one treatment.
        names: of the languages.
    """
    decided = by_task(table)
    decided = decided[decided["diagnosis"] != "undecided"]
    loss = pd.Series([in_bits(metric) for metric in decided["metric"]], index=decided.index)
    if decided.empty:
        return ""
    if not (~loss).any():
        return f"Only masked-LM loss decides anything here. {_UNDERSTATES}" if loss.any() else ""
    places = []
    n_both = 0
    for _, rows in decided.groupby(["mixture", "language"], sort=False):
        on_loss = rows[loss[rows.index]]
        on_tasks = rows[~loss[rows.index]]
        if on_loss.empty or on_tasks.empty:
            continue
        n_both += 1
        first = str(on_loss["diagnosis"].iloc[0])
        others = on_tasks[on_tasks["diagnosis"] != first]
        if len(others):
            said = [f"loss {diagnosis_name(first)}"]
            said += [
                f"{task_name(str(row['task']))} {diagnosis_name(str(row['diagnosis']))}"
                for row in others.to_dict("records")
            ]
            places.append(f"{who(on_loss, names, table)} ({', '.join(said)})")
    if places:
        more = len(places) - _PLACES
        shown = [*places[:_PLACES], plural(more, "other place")] if more > 0 else places
        return f"Loss and tasks disagree for {joined(shown)}. {_UNDERSTATES}"
    return "Loss and tasks agree wherever both are decided." if n_both else ""


def certainty(table: pd.DataFrame) -> str:
    """Tell what the verdicts rest on.

    Args:
        table: comparisons with columns of `verdicts.csv`.
    """
    parts = []
    for column, word in (("n_seeds", "seed"), ("n_examples", "test example")):
        if table[column].notna().any():
            low, high = int(table[column].min()), int(table[column].max())
            parts.append(plural(low, word) if low == high else f"{low:,} to {high:,} {word}s")
    rests = f"Verdicts rest on {joined(parts)} per comparison; " if parts else ""
    budgets = joined([match_name(match) for match in dict.fromkeys(table["match"].astype(str))])
    said = f"{rests}p-values are Holm-corrected; compared with the {budgets}."
    return f"{said[:1].upper()}{said[1:]}"


def power(table: pd.DataFrame) -> str:
    """Tell the largest of the smallest detectable effects beside the smallest effect of interest.

    Args:
        table: comparisons with columns of `verdicts.csv`.
    """
    seen = []
    for metric, rows in table.groupby("metric", sort=False):
        if rows["mde"].notna().any():
            row = rows.sort_values("mde", na_position="first").to_dict("records")[-1]
            size = amount(number(row["mde"]), str(metric))
            share = share_of_reference(row, "mde")
            seen.append(f"{size}{share} ({interest(str(metric))} is of interest)")
    if not seen:
        return ""
    return f"Every comparison would have found {joined(seen)}."


def effect(row: Row) -> str:
    r"""Print an interference with the share of the monolingual model's score, where it is in bits.

    Args:
        row: of `verdicts.csv`.

    Example:
        >>> effect({"metric": "bits_per_byte", "interference": 0.031, "monolingual": 1.24})
        '+0.031 (+2.5\xa0%)'
        >>> effect({"metric": "accuracy", "interference": 0.031, "monolingual": 0.8})
        '+3.1'
    """
    metric = str(row["metric"])
    said = difference(number(row["interference"]), metric)
    share = number(row["interference"]) / abs(number(row.get("monolingual")))
    if not in_bits(metric) or not math.isfinite(share):
        return said
    return f"{said} ({'+' if share > 0 else ''}{percent(share)})"


def share_of_reference(row: Row, column: str) -> str:
    """Return ", 2.5 % of the monolingual model's" for a size in bits, else ""."""
    share = number(row[column]) / abs(number(row["monolingual"]))
    if not in_bits(str(row["metric"])) or not math.isfinite(share):
        return ""
    return f", {percent(share)} of the monolingual model's"


def interest(metric: str) -> str:
    r"""Return the smallest effect of interest of a metric in words.

    Example:
        >>> interest("bits_per_byte"), interest("accuracy")
        ('2\xa0%', '2 points')
    """
    known = METRICS.get(metric)
    if known is None:
        return "an effect that matters to you"
    if known.relative:
        return f"{100 * known.smallest_effect:g}\u00a0%"
    return f"{100 * known.smallest_effect:g} points"
