"""Treatments against no treatment, the tuned temperature, and what they build on."""

from collections.abc import Mapping, Sequence
from typing import Final

import pandas as pd
from markupsafe import Markup

from isogloss.report.drawings.interval_bar import interval_axis, interval_bar
from isogloss.report.drawings.svg import half_range
from isogloss.report.exhibit import Section, download
from isogloss.report.room import left_out, most_telling
from isogloss.report.study_files import NotAsked, StudyFiles, asks_for_treatments
from isogloss.report.text.naming import badge, language_names, mixture_name, named
from isogloss.report.text.wording import (
    SETTINGS,
    difference,
    factor,
    in_order,
    interval,
    metric_and_unit,
    plural,
    probability,
    score,
    task_name,
    treatment_name,
)

_PRINTED: Final = 600
_BAR: Final = 116
_REFERENCES: Final = {"untreated": "untreated", "temperature": "tuned temperature"}


def frame(study: StudyFiles) -> pd.DataFrame:
    """Return `comparisons.csv`: one row per treatment, reference, mixture, task, setting, language.

    Raises:
        NotAsked: the study has no treatment beside plain joint training.
        NotMeasured: no treatment was compared.
    """
    if not asks_for_treatments(study):
        raise NotAsked
    return study.table("comparisons")


def build(study: StudyFiles) -> Mapping[str, object]:
    """Put the two settings side by side, with a line for each reference of a treatment."""
    table = frame(study)
    printed = most_telling(table, _PRINTED, effect="gain", block=("mixture", "task", "language"))
    names = language_names(study)
    halves = _halves(table)
    settings = [setting for setting in SETTINGS if (table["setting"] == setting).any()]
    return {
        "settings": [SETTINGS[setting] for setting in settings],
        "left_out": left_out(table, printed),
        "mixtures": [
            {
                "name": mixture_name(str(mixture), names),
                "tasks": _tasks(rows, settings, names, halves),
            }
            for mixture, rows in printed.groupby("mixture", sort=False)
        ],
        "download": download(table, "comparisons"),
    }


def _halves(table: pd.DataFrame) -> dict[str, float]:
    """One axis a metric, shared by the whole section."""
    return {
        str(metric): half_range([*rows["ci_low"], *rows["ci_high"], *rows["gain"]])
        for metric, rows in table.groupby("metric", sort=False)
    }


def _tasks(
    rows: pd.DataFrame,
    settings: Sequence[str],
    names: Mapping[str, str],
    halves: Mapping[str, float],
) -> list[dict[str, object]]:
    """The blocks of one table, a task each."""
    blocks = []
    for (task, metric), group in rows.groupby(["task", "metric"], sort=False):
        half = halves[str(metric)]
        here = [setting for setting in settings if (group["setting"] == setting).any()]
        blocks.append(
            {
                "name": task_name(str(task)),
                "metric": metric_and_unit(str(metric)),
                "axis": interval_axis(half, factor=factor(str(metric)), width=_BAR),
                "measured": [setting in here for setting in settings],
                "languages": [
                    {
                        "name": named(str(language), names),
                        "treatments": [
                            _treatment(lines[lines["treatment"] == one], one, settings, half)
                            for one in in_order(lines["treatment"])
                        ],
                    }
                    for language, lines in group.groupby("language", sort=False)
                ],
            }
        )
    return blocks


def _treatment(
    rows: pd.DataFrame, treatment: str, settings: Sequence[str], half: float
) -> dict[str, object]:
    """The lines of one treatment, a reference each."""
    present = set(rows["reference"])
    references = [one for one in _REFERENCES if one in present]
    references += [one for one in dict.fromkeys(rows["reference"]) if one not in _REFERENCES]
    return {
        "name": treatment_name(treatment),
        "lines": [
            {
                "reference": _REFERENCES.get(one, treatment_name(one).lower()),
                "cells": [
                    _cell(rows[(rows["reference"] == one) & (rows["setting"] == setting)], half)
                    for setting in settings
                ],
            }
            for one in references
        ],
    }


def _cell(chosen: pd.DataFrame, half: float) -> dict[str, object] | None:
    """One comparison; several source languages are averaged and counted, without an interval."""
    if chosen.empty:
        return None
    metric = str(chosen["metric"].iloc[0])
    if len(chosen) > 1:
        return _several(chosen, metric, half)
    row = chosen.iloc[0]
    gain, low, high = float(row["gain"]), float(row["ci_low"]), float(row["ci_high"])
    return {
        "bar": interval_bar(gain, low, high, half=half, verdict=str(row["verdict"]), width=_BAR),
        "estimate": difference(gain, metric),
        "interval": interval(low, high, metric),
        "badge": badge(str(row["verdict"])),
        "title": f"p (Holm) {probability(float(row['p_holm']))}, "
        f"smallest detectable effect {score(float(row['mde']), metric)}",
    }


def _several(rows: pd.DataFrame, metric: str, half: float) -> dict[str, object]:
    """The mean gain over source languages and how many of them are better or worse."""
    mean = float(rows["gain"].mean())
    counts = rows["verdict"].value_counts()
    said = ", ".join(f"{n} {str(verdict).lower()}" for verdict, n in counts.items())
    nan = float("nan")
    return {
        "bar": interval_bar(mean, nan, nan, half=half, verdict="INCONCLUSIVE", width=_BAR),
        "estimate": difference(mean, metric),
        "interval": f"mean of {plural(len(rows), 'source')}",
        "badge": Markup('<span class="quiet">{}</span>').format(said),
        "title": "Intervals of the single sources are in the CSV file.",
    }


SECTION = Section(
    "treatments", "Treatments against their baselines", "comparisons.html.j2", frame, build
)
