"""Which treatments of fine-tuning help, in sentences: against no treatment, and the temperature."""

from typing import Final

import pandas as pd

from isogloss.report.study_files import Row, StudyFiles, number
from isogloss.report.text.naming import language_names, mixture_name
from isogloss.report.text.wording import (
    SETTINGS,
    VERDICTS,
    amount,
    difference,
    joined,
    metric_name,
    plural,
    task_name,
    treatment_name,
)

_CONTROLS: Final = ("untreated", "temperature")
_SHOWN: Final = 4
_INTERVAL: Final = ("gain", "ci_low", "ci_high")


def helpful_treatments(study: StudyFiles) -> list[str]:
    """Say which treatments beat untreated and the tuned temperature in the mean over languages.

    Args:
        study: with `averages.csv`, else nothing is said.

    Returns:
        A sentence for each task and setting, with intervals; where no treatment is better, the
        smallest gain that the test could have seen.
    """
    table = study.tables.get("averages")
    if table is None:
        return []
    names = language_names(study)
    several = {column: table[column].nunique() > 1 for column in ("task", "mixture")}
    said = []
    for (mixture, task, metric), rows in table.groupby(["mixture", "task", "metric"], sort=False):
        where = f", {task_name(str(task))}" if several["task"] else ""
        by_metric = table.loc[table["task"] == task, "metric"].nunique() > 1
        where += f", {metric_name(str(metric))}" if by_metric else ""
        where += f" in {mixture_name(str(mixture), names)}" if several["mixture"] else ""
        for setting, words in SETTINGS.items():
            chosen = rows[rows["setting"] == setting]
            if (chosen["reference"] == "untreated").any():
                n = int(chosen["n_languages"].max())
                head = f"{words.capitalize()}{where}, mean of {plural(n, 'language')}"
                said.append(f"{head}: {_sentence(chosen, str(metric))}")
    return said


def merits_of_parts(study: StudyFiles) -> list[str]:
    """Say what each treatment gains on every other one that it builds on.

    Args:
        study: with `averages.csv`, else nothing is said.

    Returns:
        A sentence for each pair, mixture and task, with both settings and their intervals.
    """
    table = study.tables.get("averages")
    if table is None:
        return []
    rows = table[~table["reference"].isin(_CONTROLS)]
    said = []
    for (treatment, part, task, metric, _), group in rows.groupby(
        ["treatment", "reference", "task", "metric", "mixture"], sort=False
    ):
        sizes = [
            f"{SETTINGS.get(str(row['setting']), row['setting'])} {_interval(row, str(metric))}, "
            f"{VERDICTS.get(str(row['verdict']), ('', str(row['verdict'])))[1].lower()}"
            for row in group.to_dict("records")
        ]
        by_metric = table.loc[table["task"] == task, "metric"].nunique() > 1
        words = f", {metric_name(str(metric))}" if by_metric else ""
        pair = f"{treatment_name(str(treatment))} against {treatment_name(str(part)).lower()}"
        said.append(
            f"{pair}, which it builds on ({task_name(str(task))}{words}): {'; '.join(sizes)}."
        )
    return said


def _sentence(rows: pd.DataFrame, metric: str) -> str:
    """Who is better than untreated, who of them also than the temperature, and who is worse."""
    plain = rows[rows["reference"] == "untreated"]
    better = plain[plain["verdict"] == "BETTER"].sort_values("gain", ascending=False)
    worse = plain[plain["verdict"] == "WORSE"].sort_values("gain")
    if better.empty:
        power = amount(float(plain["mde"].max()), metric)
        first = f"no treatment is better than untreated; every test could have seen {power}"
    else:
        first = f"{_listed(better, metric)} better than untreated"
        first += _over_temperature(rows, list(better["treatment"]))
    last = f"; {_listed(worse, metric)} worse than untreated" if len(worse) else ""
    return f"{first}{last}."


def _listed(rows: pd.DataFrame, metric: str) -> str:
    """Names with their gains and intervals, and the verb."""
    said = [_gain(row, metric) for row in rows.head(_SHOWN).to_dict("records")]
    more = len(rows) - len(said)
    if more:
        said.append(plural(more, "more treatment"))
    return f"{joined(said)} {'is' if len(rows) == 1 else 'are'}"


def _gain(row: Row, metric: str) -> str:
    """A treatment with its gain and interval."""
    return f"{treatment_name(str(row['treatment'])).lower()} ({_interval(row, metric)})"


def _interval(row: Row, metric: str) -> str:
    """A gain with its interval."""
    gain, low, high = (difference(number(row[name]), metric) for name in _INTERVAL)
    return f"{gain}, {low} to {high}"


def _over_temperature(rows: pd.DataFrame, better: list[str]) -> str:
    """Which of some treatments are better than the tuned temperature, too."""
    tuned = rows[(rows["reference"] == "temperature") & rows["treatment"].isin(better)]
    if tuned.empty:
        return ""
    winners = tuned.loc[tuned["verdict"] == "BETTER", "treatment"]
    names = [treatment_name(str(name)).lower() for name in winners]
    who = joined(names) if names else "none of them"
    return f", and {who} better than the tuned temperature"
