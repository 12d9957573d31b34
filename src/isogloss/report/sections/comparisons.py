"""Treatments against no treatment, the tuned temperature, and what they build on."""

from collections.abc import Mapping
from typing import Final

import pandas as pd
from markupsafe import Markup

from isogloss.report.drawings.interval_bar import interval_axis, interval_bar
from isogloss.report.drawings.svg import half_range
from isogloss.report.exhibit import Section, download
from isogloss.report.naming import badge, language_names, mixture_name, named
from isogloss.report.room import left_out, most_telling
from isogloss.report.study_files import StudyFiles
from isogloss.report.wording import (
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
_BAR: Final = 128
_REFERENCES: Final = {"untreated": "untreated", "temperature": "tuned temperature"}


def frame(study: StudyFiles) -> pd.DataFrame:
    """Return `comparisons.csv`: one row a treatment, reference, mixture, task, setting, language.

    Raises:
        NotMeasured: no treatment was compared.
    """
    return study.table("comparisons")


def build(study: StudyFiles) -> Mapping[str, object]:
    """Put the two settings and the two references of a treatment side by side."""
    table = frame(study)
    printed = most_telling(table, _PRINTED, effect="gain", block=("mixture", "task", "language"))
    names = language_names(study)
    halves = _halves(table)
    references = [one for one in _REFERENCES if one in set(table["reference"])]
    references += [one for one in dict.fromkeys(table["reference"]) if one not in _REFERENCES]
    columns = [(setting, one) for setting in SETTINGS for one in references]
    return {
        "columns": [
            {
                "setting": SETTINGS[setting],
                "reference": _REFERENCES.get(one, treatment_name(one).lower()),
            }
            for setting, one in columns
        ],
        "n_references": len(references),
        "left_out": left_out(table, printed),
        "mixtures": [
            {
                "name": mixture_name(str(mixture), names),
                "tasks": _tasks(rows, columns, names, halves),
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
    columns: list[tuple[str, str]],
    names: Mapping[str, str],
    halves: Mapping[str, float],
) -> list[dict[str, object]]:
    """The blocks of one table, a task each."""
    blocks = []
    for (task, metric), group in rows.groupby(["task", "metric"], sort=False):
        half = halves[str(metric)]
        blocks.append(
            {
                "name": task_name(str(task)),
                "metric": metric_and_unit(str(metric)),
                "axis": interval_axis(half, factor=factor(str(metric)), width=_BAR),
                "languages": [
                    {
                        "name": named(str(language), names),
                        "rows": [
                            {
                                "treatment": treatment_name(treatment),
                                "cells": [
                                    _cell(lines, treatment, column, half) for column in columns
                                ],
                            }
                            for treatment in in_order(lines["treatment"])
                        ],
                    }
                    for language, lines in group.groupby("language", sort=False)
                ],
            }
        )
    return blocks


def _cell(
    rows: pd.DataFrame, treatment: str, column: tuple[str, str], half: float
) -> dict[str, object] | None:
    """One comparison; several source languages are averaged and counted, without an interval."""
    setting, reference = column
    if treatment == reference:
        return {"baseline": True}
    names = ["treatment", "setting", "reference"]
    wanted = (rows[names].to_numpy() == [treatment, setting, reference]).all(axis=1)
    chosen = rows[wanted]
    if chosen.empty:
        # Whatever builds on nothing else has no further reference: that is no gap.
        return None if reference in _REFERENCES else {"blank": True}
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
