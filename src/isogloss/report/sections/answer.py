"""The answer in plain language: who is hurt, who is helped, by how much, how sure."""

from collections.abc import Mapping
from typing import Final

import pandas as pd

from isogloss.report.exhibit import Section
from isogloss.report.flips import mark_flips, primary_match
from isogloss.report.helpful_treatments import helpful_treatments
from isogloss.report.naming import badge, language_names, mixture_name, named
from isogloss.report.plain_answer import best_treatment, certainty, effects, headline
from isogloss.report.room import left_out, most_telling
from isogloss.report.study_files import NotMeasured, Row, StudyFiles, number
from isogloss.report.wording import (
    difference,
    in_order,
    match_name,
    metric_name,
    score,
    task_name,
    treatment_name,
)

_PRINTED: Final = 90


def frame(study: StudyFiles) -> pd.DataFrame:
    """Return the comparisons that the answer rests on: untreated joint training, within language.

    Raises:
        NotMeasured: the study made no such comparison.
    """
    verdicts = mark_flips(study.table("verdicts"))
    within = verdicts[verdicts["setting"] == "within_language"]
    if within.empty:
        raise NotMeasured("verdicts.csv has no within-language comparison.")
    within = within[within["verdict"] != ""]
    if within.empty:
        raise NotMeasured("every comparison with a monolingual model was refused or is missing.")
    present = in_order(within["treatment"])
    subject = "untreated" if "untreated" in present else present[0]
    within = within[within["treatment"] == subject]
    return within[within["match"] == primary_match(within)].reset_index(drop=True)


def build(study: StudyFiles) -> Mapping[str, object]:
    """Write the headline, the paragraph and the grid of verdicts."""
    table = frame(study)
    names = language_names(study)
    printed = most_telling(table, _PRINTED, effect="interference", block=("mixture", "language"))
    said = helpful_treatments(study)
    told = [*certainty(table), *(said or [best_treatment(study)])]
    return {
        "headline": headline(table, names),
        "sentences": effects(table, names),
        "certainty": [sentence for sentence in told if sentence],
        "tally": _tally(table),
        "tasks": [
            (task_name(task), metric_name(metric))
            for task, metric in dict.fromkeys(zip(table["task"], table["metric"], strict=True))
        ],
        "grid": _grid(printed, names),
        "left_out": left_out(table, printed),
        "subject": treatment_name(str(table["treatment"].iloc[0])).lower(),
        "match": match_name(str(table["match"].iloc[0])),
    }


def _tally(table: pd.DataFrame) -> list[dict[str, object]]:
    """How many comparisons have which verdict."""
    counts = table["verdict"].value_counts()
    known = ["HURT", "HELPED", "INCONCLUSIVE", "UNDERPOWERED"]
    others = [str(verdict) for verdict in counts.index if verdict not in known]
    return [
        {"badge": badge(verdict), "count": int(counts.get(verdict, 0))}
        for verdict in known + others
    ]


def _grid(table: pd.DataFrame, names: Mapping[str, str]) -> list[dict[str, object]]:
    """One line a mixture and language, one cell a task."""
    tasks = list(dict.fromkeys(zip(table["task"], table["metric"], strict=True)))
    lines = []
    for (mixture, language), rows in table.groupby(["mixture", "language"], sort=False):
        by_task = {(row["task"], row["metric"]): row for row in rows.to_dict("records")}
        lines.append(
            {
                "mixture": mixture_name(str(mixture), names),
                "language": named(str(language), names),
                "cells": [_grid_cell(by_task.get(task)) for task in tasks],
            }
        )
    return lines


def _grid_cell(row: Row | None) -> dict[str, object] | None:
    """Badge, estimate and power of one comparison."""
    if row is None:
        return None
    metric = str(row["metric"])
    return {
        "badge": badge(str(row["verdict"])),
        "estimate": difference(number(row["interference"]), metric),
        "mde": score(number(row["mde"]), metric),
        "flip": str(row["flip"]),
    }


SECTION = Section("answer", "The answer", "answer.html.j2", frame, build)
