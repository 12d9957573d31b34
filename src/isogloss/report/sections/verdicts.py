"""The verdict table: within language and zero-shot side by side, under both budget matches."""

from collections.abc import Mapping
from typing import Final

import pandas as pd
from markupsafe import Markup

from isogloss.report.drawings.interval_bar import interval_axis, interval_bar
from isogloss.report.drawings.svg import half_range
from isogloss.report.exhibit import Section, download
from isogloss.report.flips import mark_flips
from isogloss.report.naming import badge, language_names, mixture_name, named
from isogloss.report.room import left_out, most_telling
from isogloss.report.study_files import NotMeasured, Row, StudyFiles, number
from isogloss.report.wording import (
    NONE,
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

_KEYS: Final = ["treatment", "mixture", "match", "task", "metric", "language"]
_PRINTED: Final = 500
_SHORT_MATCH: Final = {"language": "per language", "total": "in all"}
_WITHIN: Final = (
    *("monolingual", "multilingual", "interference", "ci_low", "ci_high", "p", "p_holm"),
    *("verdict", "mde", "n_seeds", "n_examples", "note", "flip"),
)


def frame(study: StudyFiles) -> pd.DataFrame:
    """Return one row a treatment, mixture, budget match, task and language.

    Columns: the keys, the within-language columns of `verdicts.csv`, `flip`, and `zero_shot`,
    `zero_shot_sources`, `zero_shot_n` (mean score over source languages).

    Raises:
        NotMeasured: no verdicts.
    """
    verdicts = mark_flips(study.table("verdicts"))
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
    """Group the rows by mixture, task and language, and draw the intervals."""
    table = frame(study)
    printed = most_telling(
        table, _PRINTED, effect="interference", block=("mixture", "task", "language")
    )
    names = language_names(study)
    halves = {
        str(metric): half_range([*rows["ci_low"], *rows["ci_high"], *rows["interference"]])
        for metric, rows in table.groupby("metric", sort=False)
    }
    return {
        "left_out": left_out(table, printed),
        "mixtures": [
            {
                "name": mixture_name(str(mixture), names),
                "code": mixture,
                "tasks": _tasks(rows, halves, names),
            }
            for mixture, rows in printed.groupby("mixture", sort=False)
        ],
        "treatments": [(one, treatment_name(one)) for one in in_order(table["treatment"])],
        "tasks": [(one, task_name(one)) for one in dict.fromkeys(table["task"])],
        "matches": list(dict.fromkeys(table["match"])),
        "n_flips": int(
            table.loc[table["flip"].fillna("") != "", _KEYS[:2] + _KEYS[3:]]
            .drop_duplicates()
            .shape[0]
        ),
        "download": download(table, "verdicts"),
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


def _tasks(
    rows: pd.DataFrame, halves: Mapping[str, float], names: Mapping[str, str]
) -> list[dict[str, object]]:
    """The blocks of one table, a task each."""
    blocks = []
    for (task, metric), group in rows.groupby(["task", "metric"], sort=False):
        half = halves[str(metric)]
        blocks.append(
            {
                "task": task,
                "name": task_name(str(task)),
                "metric": metric_and_unit(str(metric)),
                "axis": interval_axis(half, factor=factor(str(metric))),
                "languages": [
                    _language(lines, named(str(language), names), half, names)
                    for language, lines in group.groupby("language", sort=False)
                ],
            }
        )
    return blocks


def _language(
    lines: pd.DataFrame, name: Markup, half: float, names: Mapping[str, str]
) -> dict[str, object]:
    """The rows of one language; a source that all of them share is said once."""
    rows = [_row(row, half, names) for row in lines.to_dict("records")]
    sources = {row["zero_shot_from"] for row in rows}
    return {
        "name": name,
        "rows": rows,
        "zero_shot_from": sources.pop() if len(sources) == 1 else "",
    }


def _row(row: Row, half: float, names: Mapping[str, str]) -> dict[str, object]:
    """One line of the table, as printed."""
    metric, verdict = str(row["metric"]), row["verdict"]
    values = {key: number(row[key]) for key in _WITHIN[:9] if key != "verdict"}
    values["mde"] = number(row["mde"])
    measured = isinstance(verdict, str)
    bar = interval_bar(
        values["interference"],
        values["ci_low"],
        values["ci_high"],
        half=half,
        verdict=str(verdict),
    )
    flip = row["flip"] if isinstance(row["flip"], str) else ""
    return {
        "treatment": treatment_name(str(row["treatment"])),
        "treatment_key": row["treatment"],
        "match": _SHORT_MATCH.get(str(row["match"]), str(row["match"]) or NONE),
        "match_key": row["match"],
        "monolingual": score(values["monolingual"], metric),
        "multilingual": score(values["multilingual"], metric),
        "bar": bar if measured else Markup(""),
        "estimate": difference(values["interference"], metric),
        "interval": interval(values["ci_low"], values["ci_high"], metric),
        "p": probability(values["p_holm"]),
        "badge": badge(str(verdict))
        if measured
        else Markup("<span class=quiet>not measured</span>"),
        "flip": flip,
        "mde": score(values["mde"], metric),
        "zero_shot": score(number(row["zero_shot"]), metric),
        "zero_shot_from": _from(row, names),
        "note": row["note"] if isinstance(row["note"], str) else "",
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
