"""In one sentence: was what is planted in a test bed found, and nothing else?"""

from collections.abc import Sequence

import pandas as pd

from isogloss.core import MATCHES
from isogloss.report.study_files import Row, StudyFiles, number
from isogloss.report.text.naming import language_names
from isogloss.report.text.wording import difference, interval, joined, plural


def known_truth(study: StudyFiles) -> str:
    """Return what the study found of the truth; "" where its data have none.

    The planted harm to the base with the same compute is the one that the sentence names: it
    follows from the construction at any size of model.
    """
    table = study.tables.get("truth")
    if table is None:
        return ""
    names = language_names(study)
    parts = [_planted_harm(table, names), _no_harm(table, names)]
    return " ".join(part for part in parts if part)


def _planted_harm(table: pd.DataFrame, names: dict[str, str]) -> str:
    """Return whether the planted harm was found, and how large it is on the base."""
    planted = table[(table["planted"] == "hurt") & (table["match"] == "total")]
    if planted.empty:
        return ""
    found = planted[planted["outcome"] == "found"]
    first = planted.to_dict("records")[0]
    if number(first["interference"]) != number(first["interference"]):
        return "The planted conflict was not compared."
    where = f"{MATCHES['total']}, {names.get(str(first['language']), str(first['language']))}"
    size = _size(first)
    if first["outcome"] == "found":
        other = len(found) - 1
        also = f", and in {plural(other, 'other planted case')}" if other else ""
        return f"The planted conflict was found: interference {size} ({where}){also}."
    if first["outcome"] == "opposite":
        return f"The planted conflict was NOT found, its opposite was: {size} ({where})."
    return f"The planted conflict was NOT found: {size} ({where}) is not significant."


def _no_harm(table: pd.DataFrame, names: dict[str, str]) -> str:
    """Return whether harm was claimed where none was planted."""
    harmless = table[table["planted"].isin(["none", "help"])]
    if harmless.empty:
        return ""
    alarms = harmless[harmless["verdict"] == "HURT"]
    who = _others(harmless, names)
    if alarms.empty:
        return f"No harm was claimed where none was planted ({who})."
    return f"FALSE ALARM: harm was claimed where none was planted ({_others(alarms, names)})."


def _size(row: Row) -> str:
    """Return an effect with its interval, in bits per byte."""
    metric = "bits_per_byte"
    spread = interval(number(row["ci_low"]), number(row["ci_high"]), metric)
    return f"{difference(number(row['interference']), metric)} {spread} bits per byte"


def _others(rows: pd.DataFrame, names: dict[str, str]) -> str:
    """Return the pairs that rows speak of, by the names of their languages."""
    mixtures: Sequence[str] = list(dict.fromkeys(map(str, rows["mixture"])))
    return joined([" with ".join(names.get(one, one) for one in m.split("+")) for m in mixtures])
