"""The figures of a transfer matrix: maps, strips, company, curves; each with its table."""

from collections.abc import Iterator
from typing import Final

import pandas as pd
from markupsafe import Markup

from isogloss.report.drawings.heat_map import Cell, heat_map
from isogloss.report.drawings.line_chart import Series, line_chart
from isogloss.report.drawings.strip_plot import Mark, strip_plot
from isogloss.report.drawings.svg import element
from isogloss.report.exhibit import Column, Exhibit, Table, download
from isogloss.report.matrix_files import MATRIX_ARMS, MatrixFiles
from isogloss.report.study_files import Row, number
from isogloss.report.text.naming import mixture_name
from isogloss.report.text.wording import (
    count,
    difference,
    factor,
    interval,
    metric_and_unit,
    probability,
    score,
    task_name,
)

_MOST_COLUMNS: Final = 12
_SIGNS: Final = {"beneficial": "▲", "harmful": "▼", "neutral": "=", "undecided": "?"}


def _parts(table: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the parts of a table, each with its heading."""
    for (task, metric, arm, updates), rows in table.groupby(
        ["task", "metric", "arm", "updates"], sort=False
    ):
        head = f"{task_name(str(task))}, {metric_and_unit(str(metric))}: {arm}"
        yield f"{head}, {int(number(updates)):,} updates", rows


def heat_maps(found: MatrixFiles) -> Iterator[Exhibit]:
    """Yield the directed map of each task: rows give, columns take, undecided cells hatched."""
    cells = found.tables["cells"]
    for head, rows in _parts(cells[cells["arm"].isin(MATRIX_ARMS)]):
        metric = str(rows["metric"].iloc[0])
        records = rows.to_dict("records")
        largest = max(float(rows["gain"].abs().max()), 1e-12)
        drawn = {
            (str(row["transfer"]), str(row["target"])): Cell(
                shade=-number(row["gain"]) / largest,
                text=difference(number(row["gain"]), metric),
                note=_spoken(row, found),
                hatched=row["verdict"] == "undecided",
            )
            for row in records
        }
        takers = _by_family(rows["target"], found)
        figures = [
            heat_map(
                drawn,
                found.names,
                sources=_by_family(rows["transfer"], found),
                targets=takers[start : start + _MOST_COLUMNS],
                title=head,
                description="Blue: the row's language helps the column's. Vermilion: it hurts. "
                "Hatched: undecided.",
                axes=("transfer ↓", "target →"),
            )
            for start in range(0, len(takers), _MOST_COLUMNS)
        ]
        yield Exhibit(
            head,
            [Markup("<figure>{}</figure>").format(one) for one in figures],
            _cells(rows, found, head),
            download(rows, _file("cells", head)),
            "Gain of the target (column) by the transfer language (row). Blue: helps; vermilion: "
            "hurts; hatched: undecided. In order of family.",
        )


def _spoken(row: Row, found: MatrixFiles) -> str:
    giver = mixture_name(str(row["transfer"]), found.names)
    taker = found.names.get(str(row["target"]), str(row["target"]))
    change = difference(number(row["gain"]), str(row["metric"]))
    span = interval(number(row["ci_low"]), number(row["ci_high"]), str(row["metric"]))
    return f"{giver} to {taker}: {change} {span}, {row['verdict']}."


def _by_family(codes: pd.Series, found: MatrixFiles) -> list[str]:
    present = dict.fromkeys(map(str, codes))
    return sorted(present, key=lambda code: (found.families.get(code, ""), code))


def _file(name: str, head: str) -> str:
    return f"{name}_{''.join(one if one.isalnum() else '_' for one in head.lower())}"[:80]


def _cells(rows: pd.DataFrame, found: MatrixFiles, caption: str) -> Table:
    """Return cells as a table, the strongest first."""
    order = rows["gain"].abs().sort_values(ascending=False, kind="stable").index
    return Table(
        caption,
        [
            Column("Transfer"),
            Column("Target"),
            Column("Before", numeric=True),
            Column("After", numeric=True),
            Column("Gain", numeric=True),
            Column("Interval"),
            Column("p", numeric=True, unit="corrected"),
            Column("Verdict"),
            Column("Runs", numeric=True),
            Column("Examples", numeric=True),
        ],
        [
            [
                mixture_name(str(row["transfer"]), found.names) + _star(row["unseen_transfer"]),
                found.names.get(str(row["target"]), str(row["target"]))
                + _star(row["unseen_target"]),
                score(number(row["baseline"]), str(row["metric"])),
                score(number(row["value"]), str(row["metric"])),
                difference(number(row["gain"]), str(row["metric"])),
                interval(number(row["ci_low"]), number(row["ci_high"]), str(row["metric"])),
                probability(number(row["p_adjusted"])),
                f"{_SIGNS[str(row['verdict'])]} {row['verdict']}",
                count(number(row["n_runs"])),
                count(number(row["n_examples"])),
            ]
            for row in rows.loc[order].to_dict("records")
        ],
    )


def _star(unseen: object) -> str:
    """Mark a language that pretraining has not seen."""
    return " (unseen)" if bool(unseen) else ""


def strips(found: MatrixFiles) -> Iterator[Exhibit]:
    """Yield how each transfer language's effect is spread over the targets."""
    cells = found.tables["cells"]
    for head, rows in _parts(cells[cells["arm"].isin(MATRIX_ARMS)]):
        metric = str(rows["metric"].iloc[0])
        drawn = [
            (
                found.names.get(giver, giver),
                [
                    Mark(
                        factor(metric) * number(row["gain"]),
                        int(bool(row["unseen_target"])),
                        _spoken(row, found),
                    )
                    for row in rows[rows["transfer"] == giver].to_dict("records")
                ],
            )
            for giver in _by_family(rows["transfer"], found)
        ]
        figure = strip_plot(
            drawn,
            x_label=f"gain, {metric_and_unit(metric)}",
            title=f"Spread over targets: {head}",
            description="One row per transfer language, one mark per target.",
        )
        spread = rows[["transfer", "target", "gain", "unseen_target"]]
        yield Exhibit(
            f"Spread over targets: {head}",
            [element("figure", figure)],
            Table(
                "Gains",
                [Column("Transfer"), Column("Target"), Column("Gain", numeric=True)],
                [
                    [
                        str(row["transfer"]),
                        str(row["target"]),
                        difference(number(row["gain"]), metric),
                    ]
                    for row in spread.to_dict("records")
                ],
            ),
            download(spread, _file("strip", head)),
            "Circles: targets that pretraining has seen; squares: unseen ones.",
        )


def company(found: MatrixFiles) -> Iterator[Exhibit]:
    """Yield what company costs: alone, in pairs, in triples; victims and culprits."""
    table = found.tables["company"]
    for (task, metric), rows in table.groupby(["task", "metric"], sort=False):
        scores = rows[rows["measure"] == "score"]
        series = [
            Series(
                found.names.get(str(language), str(language)),
                slot,
                [
                    (number(row["size"]), factor(str(metric)) * number(row["value"]))
                    for row in own.to_dict("records")
                ],
            )
            for slot, (language, own) in enumerate(scores.groupby("language", sort=False))
        ]
        figure = line_chart(
            series,
            level=None,
            x_label="languages together",
            y_label=metric_and_unit(str(metric)),
            title=f"Company: {task_name(str(task))}",
            description="Score of each language with its adapter alone, in pairs, in triples.",
        )
        head = f"Company: {task_name(str(task))}"
        yield Exhibit(
            head,
            [element("figure", figure)],
            _company_table(rows, found, str(metric), head),
            download(rows, _file("company", head)),
            "The score of a language with its own adapter alone (1), averaged with one other (2) "
            "and with two (3). Interference: positive = company hurts. Culprit: how much a "
            "language hurts the others it is put with. Our definitions.",
        )


def _company_table(rows: pd.DataFrame, found: MatrixFiles, metric: str, head: str) -> Table:
    cells = [
        [
            found.names.get(str(row["language"]), str(row["language"])),
            str(row["measure"]),
            count(number(row["size"])) if row["measure"] != "category" else "",
            str(row["verdict"])
            or (score if row["measure"] == "score" else difference)(number(row["value"]), metric),
            interval(number(row["ci_low"]), number(row["ci_high"]), metric)
            if row["measure"] in ("interference", "culprit")
            else "",
            count(number(row["n_companies"])) if row["measure"] != "category" else "",
        ]
        for row in rows.to_dict("records")
    ]
    heads = ("Language", "Measure", "Size", "Value", "Interval", "Companies")
    return Table(head, [Column(one) for one in heads], cells)


def curves(found: MatrixFiles) -> Iterator[Exhibit]:
    """Yield the mean gain of each transfer language over numbers of updates, where several."""
    cells = found.tables["cells"]
    cells = cells[cells["arm"].isin(MATRIX_ARMS) & (cells["transfer"] != cells["target"])]
    for (task, metric, arm), rows in cells.groupby(["task", "metric", "arm"], sort=False):
        if rows["updates"].nunique() < 2:
            continue
        mean = rows.groupby(["transfer", "updates"], sort=False)["gain"].mean().reset_index()
        series = [
            Series(
                found.names.get(str(giver), str(giver)),
                slot,
                [
                    (number(row["updates"]), factor(str(metric)) * number(row["gain"]))
                    for row in own.sort_values("updates").to_dict("records")
                ],
            )
            for slot, (giver, own) in enumerate(mean.groupby("transfer", sort=False))
        ]
        head = f"Over updates: {task_name(str(task))}, {arm}"
        figure = line_chart(
            series,
            level=("no change", 0.0),
            x_label="updates",
            y_label=f"mean gain, {metric_and_unit(str(metric))}",
            title=head,
            description="Mean gain over the other targets; intervals stand in the table of cells.",
        )
        heads = [Column("Transfer"), Column("Updates", numeric=True), Column("Mean", numeric=True)]
        table = [
            [
                str(row["transfer"]),
                count(number(row["updates"])),
                difference(number(row["gain"]), str(metric)),
            ]
            for row in mean.to_dict("records")
        ]
        yield Exhibit(
            head,
            [element("figure", figure)],
            Table(head, heads, table),
            download(mean, _file("curves", head)),
        )
