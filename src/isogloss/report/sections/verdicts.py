"""The verdict table: same data, same compute and zero-shot side by side."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd
from markupsafe import Markup

from isogloss.core import MATCHES
from isogloss.report.drawings.interval_bar import interval_axis, interval_bar
from isogloss.report.drawings.svg import half_range
from isogloss.report.exhibit import Section, download
from isogloss.report.room import left_out, most_telling
from isogloss.report.study_files import NotMeasured, Row, StudyFiles, number
from isogloss.report.text.naming import badge, language_names, mixture_name, named
from isogloss.report.text.wording import (
    difference,
    factor,
    in_order,
    interval,
    match_name,
    metric_and_unit,
    plural,
    probability,
    score,
    task_name,
    treatment_name,
)

_KEYS: Final = ["treatment", "mixture", "match", "task", "metric", "language"]
_PRINTED: Final = 500
_BAR: Final = 92
_WITHIN: Final = (
    *("monolingual", "multilingual", "interference", "ci_low", "ci_high", "p", "p_holm"),
    *("verdict", "mde", "n_seeds", "n_examples", "note"),
)


def frame(study: StudyFiles) -> pd.DataFrame:
    """Return one row per treatment, mixture, budget match, task and language.

    Columns: the keys, the within-language columns of `verdicts.csv`, and `zero_shot`,
    `zero_shot_sources`, `zero_shot_n` (mean score over source languages).

    Raises:
        NotMeasured: no verdicts.
    """
    verdicts = study.table("verdicts")
    within = verdicts[verdicts["setting"] == "within_language"][[*_KEYS, *_WITHIN]]
    zero = _zero_shot(verdicts)
    table = within.merge(zero, on=_KEYS, how="outer", sort=False)
    if table.empty:
        raise NotMeasured("verdicts.csv holds no comparison.")
    table = _fill_across_matches(table)
    order = {name: place for place, name in enumerate(in_order(table["treatment"]))}
    appearance = {name: place for place, name in enumerate(dict.fromkeys(verdicts["language"]))}
    tasks = {name: place for place, name in enumerate(dict.fromkeys(verdicts["task"]))}
    mixtures = {name: place for place, name in enumerate(dict.fromkeys(verdicts["mixture"]))}
    ranks = table.assign(
        a=table["mixture"].map(mixtures),
        b=table["task"].map(tasks),
        c=table["language"].map(appearance),
        d=table["treatment"].map(order),
        e=table["match"],
    )
    return table.loc[ranks.sort_values(list("abcde"), kind="stable").index].reset_index(drop=True)


def build(study: StudyFiles) -> Mapping[str, object]:
    """Group the rows by mixture, task and language; both budget matches stand side by side."""
    table = frame(study)
    printed = most_telling(
        table, _PRINTED, effect="interference", block=("mixture", "task", "language")
    )
    looks = _Looks(
        names=language_names(study),
        matches=[match for match in (*MATCHES, "") if (table["match"] == match).any()],
        halves={
            str(metric): half_range([*rows["ci_low"], *rows["ci_high"], *rows["interference"]])
            for metric, rows in table.groupby("metric", sort=False)
        },
        notes=_numbered(printed),
    )
    return {
        "left_out": left_out(table, printed),
        "matches": [match_name(match) for match in looks.matches],
        "notes": looks.notes,
        "zero_shot": bool(table["zero_shot"].notna().any()),
        "mixtures": [
            {
                "name": mixture_name(str(mixture), looks.names),
                "tasks": _tasks(rows, looks),
            }
            for mixture, rows in printed.groupby("mixture", sort=False)
        ],
        "treatments": [(one, treatment_name(one)) for one in in_order(table["treatment"])],
        "tasks": [(one, task_name(one)) for one in dict.fromkeys(table["task"])],
        "download": download(table, "verdicts"),
    }


@dataclass(frozen=True)
class _Looks:
    """What all rows of the section share.

    Attributes:
        names: of the languages.
        matches: the budget matches, a column each.
        halves: by metric, where the axis of the intervals ends.
        notes: what is said below the tables, with its number; 0 where it holds for every row.
    """

    names: Mapping[str, str]
    matches: Sequence[str]
    halves: Mapping[str, float]
    notes: Mapping[str, int]


def _numbered(table: pd.DataFrame) -> dict[str, int]:
    """Number the notes of the rows; one that holds for every comparison needs no number."""
    written = table["note"].map(lambda note: note if isinstance(note, str) else "")
    notes = [note for note in dict.fromkeys(written) if note]
    compared = written[table["verdict"].notna()]
    return {
        note: 0 if (compared == note).all() else number_of
        for number_of, note in enumerate(notes, start=1)
    }


def _zero_shot(verdicts: pd.DataFrame) -> pd.DataFrame:
    """Mean zero-shot score over sources; which sources, how many."""
    rows = verdicts[(verdicts["setting"] == "zero_shot") & verdicts["multilingual"].notna()]
    groups = rows.groupby(_KEYS, sort=False)
    return groups.agg(
        zero_shot=("multilingual", "mean"),
        zero_shot_sources=("source_language", lambda codes: "+".join(dict.fromkeys(codes))),
        zero_shot_n=("source_language", "nunique"),
    ).reset_index()


def _fill_across_matches(table: pd.DataFrame) -> pd.DataFrame:
    """Drop rows that carry a zero-shot score only, where the comparison itself has one.

    The score belongs to the multilingual model, whatever the monolingual budget was: where it was
    written under one match only, the other match shows the same.
    """
    keys = [key for key in _KEYS if key != "match"]
    columns = ["zero_shot", "zero_shot_sources", "zero_shot_n"]
    filled = table.copy()
    filled[columns] = (
        table.groupby(keys, sort=False)[columns]
        .transform("first")
        .where(table[columns].isna(), table[columns])
    )
    has_within = filled.groupby(keys, sort=False)["verdict"].transform(lambda v: v.notna().any())
    return filled[filled["verdict"].notna() | ~has_within.astype(bool)]


def _tasks(rows: pd.DataFrame, looks: _Looks) -> list[dict[str, object]]:
    """The blocks of one table, a task each."""
    blocks = []
    for (task, metric), group in rows.groupby(["task", "metric"], sort=False):
        half = looks.halves[str(metric)]
        blocks.append(
            {
                "task": task,
                "name": task_name(str(task)),
                "metric": metric_and_unit(str(metric)),
                "axis": interval_axis(half, factor=factor(str(metric)), width=_BAR),
                "languages": [
                    _language(lines, str(language), looks)
                    for language, lines in group.groupby("language", sort=False)
                ],
            }
        )
    return blocks


def _language(lines: pd.DataFrame, language: str, looks: _Looks) -> dict[str, object]:
    """The rows of one language; a source that all of them share is said once."""
    rows = [
        _row(str(treatment), group.to_dict("records"), looks)
        for treatment, group in lines.groupby("treatment", sort=False)
    ]
    sources = {row["zero_shot_from"] for row in rows}
    return {
        "name": named(language, looks.names),
        "rows": rows,
        "zero_shot_from": sources.pop() if len(sources) == 1 else "",
    }


def _row(treatment: str, sides: Sequence[Row], looks: _Looks) -> dict[str, object]:
    """One treatment: its score, both comparisons, and zero-shot."""
    metric = str(sides[0]["metric"])
    by_match = {str(side["match"]): side for side in sides}
    scores = [number(side["multilingual"]) for side in sides]
    return {
        "treatment": treatment_name(treatment),
        "treatment_key": treatment,
        "multilingual": score(next(filter(math.isfinite, scores), math.nan), metric),
        "cells": [_cell(by_match.get(match), metric, looks) for match in looks.matches],
        "zero_shot": score(number(sides[0]["zero_shot"]), metric),
        "zero_shot_from": _from(sides[0], looks.names),
    }


def _cell(row: Row | None, metric: str, looks: _Looks) -> dict[str, object] | None:
    """One comparison, as printed; None where it was not made."""
    if row is None or not isinstance(row["verdict"], str):
        return None
    value, low, high = (number(row[name]) for name in ("interference", "ci_low", "ci_high"))
    verdict = str(row["verdict"])
    half = looks.halves[metric]
    shown = interval_bar(value, low, high, half=half, verdict=verdict, width=_BAR)
    note = row["note"] if isinstance(row["note"], str) else ""
    return {
        "badge": badge(verdict),
        "bar": shown if verdict else Markup(""),
        "estimate": difference(value, metric),
        "interval": interval(low, high, metric),
        "monolingual": score(number(row["monolingual"]), metric),
        "p": probability(number(row["p_holm"])),
        "mde": score(number(row["mde"]), metric),
        "note": looks.notes.get(note, 0),
    }


def _from(row: Row, names: Mapping[str, str]) -> str:
    """Where the zero-shot model had its labels from."""
    if not isinstance(row["zero_shot_sources"], str):
        return ""
    sources = row["zero_shot_sources"].split("+")
    if len(sources) > 1:
        return f"mean of {plural(len(sources), 'source')}"
    return f"from {names.get(sources[0], sources[0])}"


SECTION = Section("verdicts", "Verdicts", "verdicts.html.j2", frame, build)
