"""A paper's numbers beside the study's, and which of its signs the study found again."""

import math
from collections.abc import Callable, Mapping
from typing import Final

import pandas as pd
from markupsafe import Markup

from isogloss.report.agreement import (
    AGREES,
    DISAGREES,
    MEAN,
    NO_SIGN,
    NOT_AVAILABLE,
    NOT_MEASURED,
    NOT_TOLD,
    SIGNED,
    Beside,
    beside,
    flips,
    signs,
    values,
)
from isogloss.report.drawings.svg import element
from isogloss.report.exhibit import Column, Section, Table, download
from isogloss.report.study_files import NotMeasured, Row, StudyFiles, number
from isogloss.report.text.naming import language_names, named
from isogloss.report.text.wording import (
    SETTINGS,
    difference,
    interval,
    joined,
    match_name,
    metric_and_unit,
    plural,
    score,
    task_name,
    treatment_name,
)

# Agreement -> sign, words, class of its colour. The sign and the word say it without colour.
_MARKS: Final = {
    AGREES: ("✓", "agrees", "v-helped"),
    DISAGREES: ("✗", "disagrees", "v-hurt"),
    NOT_TOLD: ("○", "not significant", "v-inconclusive"),
    NOT_MEASURED: ("·", "not measured", "quiet"),
    NO_SIGN: ("=", "no difference in the paper", "quiet"),
    NOT_AVAILABLE: ("·", "not available in the paper", "quiet"),
}
_COMPARISON: Final = ["model", "against", "treatment", "reference", "match"]
_PLACE: Final = ["task", "metric", "setting"]
_LEAD: Final = (
    "Beside the study stand the numbers of {text}. The paper's models are larger and saw more "
    "text: look at the signs before the sizes. A sign agrees if the 95\u00a0% interval of the "
    "study's difference leaves out zero on the paper's side, and disagrees if it does so on the "
    "other; an interval that holds zero tells neither. Intervals here are of single comparisons, "
    "without Holm's correction. Means are over the languages that both have; the interval of a "
    "mean adds the variances of its languages."
)


def frame(study: StudyFiles) -> pd.DataFrame:
    """Return the paper's differences and the study's: one row a comparison, task and language.

    Raises:
        NotAsked: the study names no paper.
        NotMeasured: the study and the paper have nothing in common yet.
    """
    table = signs(beside(study))
    if table.empty:
        raise NotMeasured("no task, language and treatment of the paper was measured by the study.")
    return table


def build(study: StudyFiles) -> Mapping[str, object]:
    """Count the signs, then show them and the scores, a task and setting at a time."""
    found = beside(study)
    table = frame(study)
    scores, turned = values(found), flips(found, table)
    names = {**language_names(study), **_samples(found, study)}
    return {
        "lead": _LEAD.format(text=found.reference.text),
        "tally": tally(table),
        "blocks": [
            _block(found, rows, _of(scores, rows), names)
            for _, rows in table.groupby(_PLACE, sort=False)
        ],
        "flips": _flips(turned, names) if len(turned) else None,
        "flips_file": download(turned, "beside_the_paper_flips"),
    }


def tally(table: pd.DataFrame) -> str:
    """Count the agreements in one sentence: of single languages, and of means.

    Args:
        table: as `frame` returns it.
    """
    single = table[(table["language"] != MEAN) & table["agreement"].isin(SIGNED)]
    means = table[(table["language"] == MEAN) & table["agreement"].isin(SIGNED)]
    said = f"Of {plural(len(single), 'sign')} of the paper, {_counts(single)}"
    if len(means):
        said += f"; of {plural(len(means), 'sign')} of means over languages, {_counts(means)}"
    return f"{said}."


def _counts(rows: pd.DataFrame) -> str:
    """How many agree, disagree, are open, were not measured."""
    counts = rows["agreement"].value_counts()
    verbs = {
        AGREES: ("agrees", "agree"),
        DISAGREES: ("disagrees", "disagree"),
        NOT_TOLD: ("is not significant", "are not significant"),
        NOT_MEASURED: ("was not measured", "were not measured"),
    }
    numbers = {kind: int(counts.get(kind, 0)) for kind in SIGNED}
    said = [
        f"{n} {verbs[kind][n != 1]}" for kind, n in numbers.items() if n or kind != NOT_MEASURED
    ]
    return joined(said)


def _samples(found: Beside, study: StudyFiles) -> dict[str, str]:
    """Names of sampled corpora: whatever code the study gave them, the paper's name says more."""
    names = language_names(study)
    return {
        found.codes[code]: f"{names.get(ours, ours)}, sampled ({code})"
        for code, full in found.reference.samples.items()
        if code in found.codes
        for ours in [found.reference.languages[full]]
    }


def _of(table: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of one task, metric and setting, those of other rows."""
    return table.merge(rows[_PLACE].drop_duplicates(), on=_PLACE)


def _block(
    found: Beside, rows: pd.DataFrame, scores: pd.DataFrame, names: Mapping[str, str]
) -> dict[str, object]:
    """What the template needs of one task and setting."""
    task, metric, setting = (str(rows[name].iloc[0]) for name in _PLACE)
    columns = [*dict.fromkeys(rows["language"])]
    columns.sort(key=lambda code: code == MEAN)
    title = f"{task_name(task)}, {metric_and_unit(metric)}, {SETTINGS[setting]}"
    name = f"beside_the_paper_{task}_{metric}_{setting}"
    return {
        "title": title,
        "remark": found.reference.remarks.get(task, ""),
        "columns": ["Mean" if code == MEAN else named(code, names) for code in columns],
        "lines": [_line(lines, columns) for _, lines in rows.groupby(_COMPARISON, sort=False)],
        "signs_file": download(rows, f"{name}_signs"),
        "scores": _scores(scores, names, title),
        "scores_file": download(scores, f"{name}_scores"),
    }


def _line(rows: pd.DataFrame, columns: list[str]) -> dict[str, object]:
    """One comparison over the languages."""
    first = rows.iloc[0]
    by_language = {str(row["language"]): row for row in rows.to_dict("records")}
    model, against = str(first["model"]), str(first["against"])
    treatment, reference = str(first["treatment"]), str(first["reference"])
    words = f"{treatment_name(treatment)} against {treatment_name(reference).lower()}"
    if treatment == reference:
        words = f"{treatment_name(treatment)} with a third, similar language against the pair"
    return {
        "words": words + _with_match(str(first["match"])),
        "paper": f"{model} − {against}",
        "cells": [_cell(by_language.get(code)) for code in columns],
    }


def _with_match(match: str) -> str:
    """Return ", same data", or nothing for models that need no match."""
    return f", {match_name(match)}" if match else ""


def _cell(row: Row | None) -> dict[str, object] | None:
    """One sign: agreement, our difference with its interval, the paper's difference."""
    if row is None:
        return None
    metric = str(row["metric"])
    ours = number(row["ours"])
    size = f" (mean of {row['n_languages']})" if row["language"] == MEAN else ""
    return {
        "mark": mark(str(row["agreement"])),
        "ours": "" if math.isnan(ours) else difference(ours, metric),
        "interval": interval(number(row["ci_low"]), number(row["ci_high"]), metric),
        "paper": _published(difference, row["paper"], metric) + size,
    }


def mark(agreement: str) -> Markup:
    """Write an agreement as sign and word in its colour."""
    sign, word, colour = _MARKS[agreement]
    kind = "quiet" if colour == "quiet" else f"badge {colour}"
    return element(
        "span", element("span", sign, aria_hidden="true", class_="sign"), word, class_=kind
    )


def _published(write: Callable[[float, str], str], value: object, metric: str) -> str:
    """A number of the paper, or that it has none."""
    return "not available" if math.isnan(number(value)) else write(number(value), metric)


def _scores(table: pd.DataFrame, names: Mapping[str, str], title: str) -> Table:
    """The scores of one task and setting: a row a model, two columns a language."""
    languages = list(dict.fromkeys(table["language"]))
    columns = [Column("Treatment"), Column("In the paper")]
    for code in languages:
        columns += [
            Column(names.get(code, code), numeric=True, unit=unit) for unit in ("ours", "paper")
        ]
    rows: list[list[str]] = []
    for _, lines in table.groupby(["model", "treatment", "match"], sort=False):
        first = lines.iloc[0]
        by_language = {str(row["language"]): row for row in lines.to_dict("records")}
        cells = [
            text
            for code in languages
            for row in [by_language[code]]
            for text in (
                score(number(row["ours"]), str(row["metric"])),
                _published(score, row["paper"], str(row["metric"])),
            )
        ]
        name = treatment_name(str(first["treatment"])) + _with_match(str(first["match"]))
        rows.append([name, str(first["model"]), *cells])
    return Table(
        caption=f"{title}: scores of the study and of the paper", columns=columns, rows=rows
    )


def _flips(turned: pd.DataFrame, names: Mapping[str, str]) -> Table:
    """Where interference turns into help, or does not, when a corpus is cut down."""
    return Table(
        caption="Joint training against monolingual on a full and on a sampled corpus, where the "
        "paper's sign turns",
        columns=[
            Column("Language"),
            Column("Task"),
            Column("Comparison"),
            Column("Full corpus", numeric=True, unit="paper"),
            Column("Full corpus", numeric=True, unit="ours"),
            Column("Sampled corpus", numeric=True, unit="paper"),
            Column("Sampled corpus", numeric=True, unit="ours"),
            Column("Both signs"),
        ],
        rows=[_flip(row, names) for row in turned.to_dict("records")],
    )


def _flip(row: Row, names: Mapping[str, str]) -> list[str]:
    """One language and task: the difference on both corpora, the paper's and ours."""
    metric = str(row["metric"])
    paper, ours = (
        [number(row[f"{who}_{side}"]) for side in ("full", "sampled")] for who in ("paper", "ours")
    )
    ends = [
        interval(number(row[f"ci_low_{side}"]), number(row[f"ci_high_{side}"]), metric)
        for side in ("full", "sampled")
    ]
    language = str(row["language"])
    return [
        names.get(language, language),
        task_name(str(row["task"])),
        f"{row['model']} \u2212 {row['against']}{_with_match(str(row['match']))}",
        difference(paper[0], metric),
        f"{difference(ours[0], metric)} {ends[0]}",
        difference(paper[1], metric),
        f"{difference(ours[1], metric)} {ends[1]}",
        mark(str(row["agreement"])),
    ]


SECTION = Section("paper", "Beside the paper", "beside_the_paper.html.j2", frame, build)
