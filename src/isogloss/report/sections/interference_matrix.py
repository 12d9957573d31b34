"""Which partner hurts which language: source -> target, from mixtures of two languages."""

from collections.abc import Mapping
from typing import Final

import pandas as pd
from markupsafe import Markup

from isogloss.report.drawings.heat_map import Cell, heat_map
from isogloss.report.drawings.svg import element, half_range
from isogloss.report.exhibit import Column, Exhibit, Section, Table, download
from isogloss.report.study_files import NotAsked, Row, StudyFiles, number
from isogloss.report.text.naming import badge, language_names, language_order
from isogloss.report.text.wording import (
    VERDICTS,
    difference,
    in_order,
    interval,
    match_name,
    metric_and_unit,
    metric_name,
    task_name,
    treatment_name,
    unit,
)

_LEAD: Final = (
    "Each cell is one mixture of two languages, trained without treatment: how much the source "
    "(row) hurts the target (column). Vermilion and plus: hurts. Blue and minus: helps. Hatched: "
    "not significant. A dot: this pair was not trained. The matrix is directed; it need "
    "not be symmetric."
)


def frame(study: StudyFiles) -> pd.DataFrame:
    """Return one row a directed pair: source, target, interference, interval and verdict.

    Raises:
        NotAsked: the study has no mixture of two languages.
        NotMeasured: there are no verdicts.
    """
    verdicts = study.table("verdicts")
    pairs = verdicts[
        (verdicts["setting"] == "within_language") & (verdicts["mixture"].str.count(r"\+") == 1)
    ]
    if pairs.empty:
        raise NotAsked
    treatments = in_order(pairs["treatment"])
    pairs = pairs[
        pairs["treatment"] == ("untreated" if "untreated" in treatments else treatments[0])
    ]
    sources = [
        next((code for code in mixture.split("+") if code != target), target)
        for mixture, target in zip(pairs["mixture"], pairs["language"], strict=True)
    ]
    table = pairs.assign(source=sources, target=pairs["language"])
    columns = ["treatment", "task", "metric", "match", "source", "target"]
    columns += ["interference", "ci_low", "ci_high", "p_holm", "verdict", "mde"]
    return table[columns].reset_index(drop=True)


def build(study: StudyFiles) -> Mapping[str, object]:
    """Draw one matrix a task and budget match."""
    table = frame(study)
    names = language_names(study)
    return {
        "lead": _LEAD,
        "exhibits": [
            _exhibit(rows, str(task), str(metric), names)
            for (task, metric), rows in table.groupby(["task", "metric"], sort=False)
        ],
    }


def axis(table: pd.DataFrame, names: Mapping[str, str]) -> list[str]:
    """Return every language of a matrix, in the study's order, for both axes."""
    return language_order(names, [*table["source"], *table["target"]])


def _exhibit(rows: pd.DataFrame, task: str, metric: str, names: Mapping[str, str]) -> Exhibit:
    """The matrices of one task on one colour scale."""
    half = half_range(list(rows["interference"]))
    languages = axis(rows, names)
    return Exhibit(
        title=f"{task_name(task)}, {metric_and_unit(metric)}",
        figures=[
            _matrix(part, metric, match=str(match), half=half, languages=languages, names=names)
            for match, part in rows.groupby("match", sort=False)
        ],
        table=_table(rows, task, metric, names),
        download=download(rows, f"interference_matrix_{task}_{metric}"),
    )


def _matrix(
    rows: pd.DataFrame,
    metric: str,
    *,
    match: str,
    half: float,
    languages: list[str],
    names: Mapping[str, str],
) -> Markup:
    """One heat map."""
    cells = {
        (str(row["source"]), str(row["target"])): Cell(
            shade=float(row["interference"]) / half,
            text=difference(float(row["interference"]), metric),
            note=_spoken(row, metric, names),
            hatched=row["verdict"] not in ("HURT", "HELPED"),
        )
        for row in rows.to_dict("records")
        if pd.notna(row["interference"])
    }
    figure = heat_map(
        cells,
        names,
        sources=languages,
        targets=languages,
        title=f"Interference matrix, {metric_name(metric)}, {match_name(match)}",
        description=" ".join(cell.note for cell in cells.values()),
    )
    caption = element("figcaption", match_name(match))
    return element("figure", caption, figure)


def _spoken(row: Row, metric: str, names: Mapping[str, str]) -> str:
    """One cell in words."""
    source, target, verdict = str(row["source"]), str(row["target"]), str(row["verdict"])
    word = VERDICTS.get(verdict, ("", verdict))[1].lower()
    value = difference(number(row["interference"]), metric)
    return f"{names.get(source, source)} to {names.get(target, target)}: {value}, {word}."


def _table(rows: pd.DataFrame, task: str, metric: str, names: Mapping[str, str]) -> Table:
    """The numbers of the matrices."""
    return Table(
        caption=f"{task_name(task)}: interference of a source with a target, {unit(metric)}, "
        f"{treatment_name(str(rows['treatment'].iloc[0])).lower()}",
        columns=[
            Column("Source"),
            Column("Target"),
            Column("Budget match"),
            Column("Interference", numeric=True),
            Column("95\u00a0% interval", numeric=True),
            Column("Verdict"),
        ],
        rows=[
            [
                names.get(str(row["source"]), str(row["source"])),
                names.get(str(row["target"]), str(row["target"])),
                match_name(str(row["match"])),
                difference(float(row["interference"]), metric),
                interval(float(row["ci_low"]), float(row["ci_high"]), metric),
                badge(str(row["verdict"])),
            ]
            for row in rows.to_dict("records")
        ],
    )


SECTION = Section("interference-matrix", "Interference matrix", "exhibits.html.j2", frame, build)
