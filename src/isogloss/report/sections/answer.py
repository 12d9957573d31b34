"""The answer in plain language: one diagnosis per language, what it rests on, and what to do."""

from collections import Counter
from collections.abc import Mapping
from typing import Final

import pandas as pd

from isogloss.core import MATCHES
from isogloss.report.exhibit import Section, download
from isogloss.report.room import left_out, most_telling
from isogloss.report.study_files import Row, StudyFiles, number
from isogloss.report.text.diagnosed import (
    ORDER,
    by_task,
    diagnosed,
    diagnosis_badge,
    of_subject,
    over_tasks,
    reason_in_words,
)
from isogloss.report.text.earned import merit_in_words, merits
from isogloss.report.text.helpful_treatments import helpful_treatments
from isogloss.report.text.naming import badge, language_names, mixture_name, named
from isogloss.report.text.plain_answer import (
    certainty,
    effect,
    headline,
    interest,
    loss_and_tasks,
    power,
)
from isogloss.report.text.what_to_do import what_to_do
from isogloss.report.text.wording import (
    match_name,
    metric_name,
    score,
    short_task_name,
    treatment_name,
)

_PRINTED: Final = 120
_PLACE: Final = ["mixture", "language"]
_KEYS: Final = [*_PLACE, "task", "metric"]
_NUMBERS: Final = ("interference", "monolingual", "mde", "n_seeds", "n_examples")


def frame(study: StudyFiles) -> pd.DataFrame:
    """Return the diagnoses of plain joint training with the comparisons that they rest on.

    Columns: those of `diagnoses.csv`, with `_same_data` and `_same_compute` each of interference,
    monolingual, mde, n_seeds and n_examples, and `zero_shot` (mean score over source languages).
    The first row of a language, over all tasks, has an empty `task`.

    Raises:
        NotMeasured: the study made no such comparison.
    """
    diagnoses = of_subject(diagnosed(study))
    verdicts = study.table("verdicts")
    verdicts = verdicts[verdicts["treatment"] == diagnoses["treatment"].iloc[0]]
    within = verdicts[verdicts["setting"] == "within_language"]
    table = diagnoses
    for match, name in MATCHES.items():
        side = within[within["match"] == match].drop_duplicates(_KEYS)[[*_KEYS, *_NUMBERS]]
        suffix = f"_{name.replace(' ', '_')}"
        side = side.rename(columns={column: column + suffix for column in _NUMBERS})
        table = table.merge(side, on=_KEYS, how="left")
    zero_shot = verdicts[verdicts["setting"] == "zero_shot"].groupby(_KEYS, sort=False)
    scores = zero_shot["multilingual"].mean().rename("zero_shot").reset_index()
    return table.merge(scores, on=_KEYS, how="left")


def compared(study: StudyFiles) -> pd.DataFrame:
    """Return the comparisons that the answer rests on, rows of `verdicts.csv`."""
    table = study.table("verdicts")
    subject = of_subject(diagnosed(study))["treatment"].iloc[0]
    inside = (table["setting"] == "within_language") & (table["verdict"] != "")
    return table[inside & (table["treatment"] == subject)]


def build(study: StudyFiles) -> Mapping[str, object]:
    """Write the headline, the paragraph and the grid of diagnoses."""
    table = frame(study)
    rests_on = compared(study)
    names = language_names(study)
    diagnoses = table[table["task"] == ""]
    printed = _most_telling(table)
    matches = [match for match in MATCHES if match in set(rests_on["match"])]
    said = [
        loss_and_tasks(table, names),
        *(helpful_treatments(study) or [merit_in_words(merits(study))]),
        power(rests_on),
        certainty(rests_on),
    ]
    return {
        "headline": headline(table, names),
        "to_do": what_to_do(study),
        "sentences": [sentence for sentence in said if sentence],
        "tally": _tally(diagnoses) if len(matches) > 1 else [],
        "both": len(matches) > 1,
        "matches": [match_name(match) for match in matches],
        "interest": _interest(table),
        "zero_shot": bool(table["zero_shot"].notna().any()),
        "grid": [_place(rows, matches, names) for _, rows in printed.groupby(_PLACE, sort=False)],
        "left_out": left_out(table, printed),
        "subject": treatment_name(str(table["treatment"].iloc[0])).lower(),
        "download": download(table, "answer"),
    }


def _most_telling(table: pd.DataFrame) -> pd.DataFrame:
    """Keep what fits: whole languages, those with a diagnosis and a large effect first."""
    known = table.assign(
        verdict=table["same_data"], effect=table["interference_same_data"].fillna(0.0)
    )
    kept = most_telling(known, _PRINTED, effect="effect", block=_PLACE)
    return table.loc[kept.index]


def _tally(diagnoses: pd.DataFrame) -> list[dict[str, object]]:
    """How many languages have which diagnosis; those that none has are left out."""
    counts = diagnoses["diagnosis"].value_counts()
    return [
        {"badge": diagnosis_badge(name), "count": int(counts[name])}
        for name in ORDER
        if name in counts.index
    ]


def _interest(table: pd.DataFrame) -> str:
    """The smallest effect of interest of each metric."""
    metrics = dict.fromkeys(by_task(table)["metric"])
    return "; ".join(f"{metric_name(str(one))} {interest(str(one))}" for one in metrics)


def _place(rows: pd.DataFrame, matches: list[str], names: Mapping[str, str]) -> dict[str, object]:
    """One language in one mixture: its diagnosis, and a line for each task."""
    whole = over_tasks(rows).to_dict("records")[0]
    tasks = by_task(rows).to_dict("records")
    n_metrics = Counter(row["task"] for row in tasks)
    return {
        "language": named(str(whole["language"]), names),
        "mixture": mixture_name(str(whole["mixture"]), names),
        "badge": diagnosis_badge(str(whole["diagnosis"])) if len(tasks) > 1 else "",
        "tasks": [_task(row, matches, by_metric=n_metrics[row["task"]] > 1) for row in tasks],
    }


def _task(row: Row, matches: list[str], *, by_metric: bool) -> dict[str, object]:
    """One task of a language; its metric is named where the task has several."""
    metric = f", {metric_name(str(row['metric']))}" if by_metric else ""
    return {
        "name": f"{short_task_name(str(row['task']))}{metric}",
        "badge": diagnosis_badge(str(row["diagnosis"])),
        "reason": reason_in_words(row),
        "cells": [_cell(row, MATCHES[match].replace(" ", "_")) for match in matches],
        "zero_shot": score(number(row["zero_shot"]), str(row["metric"])),
    }


def _cell(row: Row, side: str) -> dict[str, object] | None:
    """Verdict and estimate of one comparison."""
    if not row[side]:
        return None
    figures = {name: number(row[f"{name}_{side}"]) for name in ("interference", "monolingual")}
    size, _, share = effect({"metric": row["metric"], **figures}).partition(" ")
    return {"badge": badge(str(row[side])), "estimate": size, "share": share}


SECTION = Section("answer", "The answer", "answer.html.j2", frame, build)
