"""The diagnoses of a study's plain joint training, as its tables give them."""

import math
from collections.abc import Mapping
from typing import Final

import pandas as pd
from markupsafe import Markup

from isogloss.core import DIAGNOSIS_COLUMNS, REASONS, diagnosis_rows
from isogloss.report.drawings.svg import element
from isogloss.report.study_files import NotMeasured, Row, StudyFiles, number
from isogloss.report.text.wording import in_order, plural, task_name

# Diagnosis -> sign, words, colour.
_BADGES: Final[Mapping[str, tuple[str, str, str]]] = {
    "interference": ("▼", "Interference", "hurt"),
    "cost_of_sharing": ("◣", "Cost of sharing", "cost"),
    "transfer_at_a_price": ("◢", "Transfer at a price", "price"),
    "transfer": ("▲", "Transfer", "helped"),
    "no_interference": ("○", "No interference", "inconclusive"),
    "mixed": ("◆", "Mixed", "other"),
    "undecided": ("?", "Undecided", "underpowered"),
}
# Why a side is open though the other is what it says.
_POWER: Final = ("underpowered", "few_examples")
ORDER: Final = tuple(_BADGES)


def diagnosed(study: StudyFiles) -> pd.DataFrame:
    """Return the diagnoses of every joint treatment: the columns of `diagnoses.csv`.

    Made anew from verdicts and confounds, so that a study of before there were diagnoses has them.

    Raises:
        NotMeasured: the study compared nothing with a monolingual model.
    """
    verdicts = study.table("verdicts")
    confounds = study.tables.get("confounds")
    found = diagnosis_rows(
        verdicts.to_dict("records"), [] if confounds is None else confounds.to_dict("records")
    )
    table = pd.DataFrame(found, columns=list(DIAGNOSIS_COLUMNS))
    compared = (table["same_data"] != "") | (table["same_compute"] != "")
    if not compared.any():
        raise NotMeasured("every comparison with a monolingual model was refused or is missing.")
    return table


def of_subject(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of plain joint training, or of the first treatment where it was not run."""
    present = in_order(table["treatment"])
    subject = "untreated" if "untreated" in present else present[0]
    return table[table["treatment"] == subject].reset_index(drop=True)


def over_tasks(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that speak of all tasks of a language."""
    return table[table["task"] == ""]


def by_task(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that speak of one task."""
    return table[table["task"] != ""]


def leanings(table: pd.DataFrame) -> list[str]:
    """Return for each language what is significant under one budget though it is undecided in all.

    Args:
        table: diagnoses of one treatment.

    Returns:
        For each row over all tasks "HURT same compute" and the like; "" where it is decided, where
        nothing is significant, where two findings differ, or where a model is on the plateau or
        has one seed.
    """
    found = []
    for row in over_tasks(table).to_dict("records"):
        place = (table["mixture"] == row["mixture"]) & (table["language"] == row["language"])
        tasks = table[place & (table["task"] != "") & table["reason"].isin(_POWER)]
        seen = {
            f"{verdict} {side.replace('_', ' ')}"
            for side in ("same_data", "same_compute")
            for verdict in tasks[side]
            if verdict in ("HURT", "HELPED")
        }
        found.append(seen.pop() if len(seen) == 1 and row["diagnosis"] == "undecided" else "")
    return found


def diagnosis_name(diagnosis: str) -> str:
    """Return the words for a diagnosis.

    Example:
        >>> diagnosis_name("cost_of_sharing")
        'cost of sharing'
    """
    return diagnosis.replace("_", " ")


def diagnosis_badge(diagnosis: str) -> Markup:
    """Write a diagnosis as sign and word in its colour."""
    sign, word, colour = _BADGES[diagnosis]
    return element(
        "span",
        element("span", sign, aria_hidden="true", class_="sign"),
        word,
        class_=f"badge v-{colour}",
    )


def reason_in_words(row: Row) -> str:
    """Return why a row is undecided or what was left out of account, and what it would take.

    Args:
        row: of `diagnoses.csv`.

    Returns:
        Words without a capital or a stop, or "".
    """
    reason = str(row["reason"])
    if row["task"] == "" and reason not in REASONS:
        return "; ".join(
            f"{task_name(task)}: {words}"
            for task, _, words in (part.partition(": ") for part in reason.split("; ") if part)
        )
    said = REASONS.get(reason, "")
    more = it_takes(row) if row["diagnosis"] == "undecided" else ""
    return "; ".join(part for part in (said, more) if part)


def it_takes(row: Row) -> str:
    """Return what would decide a row: seeds, updates or the missing comparison; "" if not known."""
    reason = str(row["reason"])
    seeds, updates = number(row["seeds_needed"]), number(row["updates_needed"])
    if reason == "plateau":
        more = f"at least {updates:,.0f} " if math.isfinite(updates) else "more "
        return f"{more}updates per language would be a first step"
    if reason == "one_seed":
        return "at least 3 seeds are needed"
    if seeds > number(row["n_seeds"]):
        return f"{plural(int(seeds), 'seed')} would decide it"
    return ""
