"""The tables of a transfer matrix: the answer, categories, pairs, asymmetry, factors, cost."""

from collections.abc import Callable
from typing import Final

import pandas as pd

from isogloss.report.exhibit import Column, Exhibit, Table, download
from isogloss.report.matrix_files import MATRIX_ARMS, MatrixFiles
from isogloss.report.study_files import Row, number
from isogloss.report.text.naming import mixture_name, named
from isogloss.report.text.wording import (
    count,
    decimal,
    difference,
    interval,
    joined,
    plural,
    probability,
)

_COMPANY: Final = ("pair", "triple")
Cells = dict[str, Callable[[Row], str]]


def answer(found: MatrixFiles) -> str:
    """Say the result in a few sentences, none stronger than its test."""
    cells = found.tables["cells"]
    cells = cells[cells["arm"].isin(MATRIX_ARMS) & (cells["transfer"] != cells["target"])]
    if cells.empty:
        return "No cell was measured."
    counts = cells["verdict"].value_counts()
    said = ", ".join(
        f"{counts.get(word, 0)} {word}" for word in ("beneficial", "harmful", "neutral")
    )
    text = (
        f"Of {plural(len(cells), 'cell')} of one language on another, {said}; "
        f"{counts.get('undecided', 0)} undecided."
    )
    languages = found.tables["languages"]
    for word in ("donor", "hazard", "inert", "receiver", "fragile"):
        own = languages[languages["category"] == word]["language"]
        if len(own):
            named_ones = joined([found.names.get(str(one), str(one)) for one in dict.fromkeys(own)])
            text += f" {word.capitalize()}: {named_ones}."
    helps_all = [
        giver
        for giver, own in cells.groupby("transfer", sort=False)
        if (own["verdict"] == "beneficial").all()
    ]
    if helps_all:
        givers = joined([found.names.get(str(one), str(one)) for one in helps_all])
        return f"{text} Shown to help every other target: {givers}."
    return f"{text} No transfer language was shown to help every target."


def categories(found: MatrixFiles) -> Exhibit | None:
    """Return what each language gives and takes."""
    table = found.tables["languages"]
    return _plain(
        "What languages are like",
        table,
        {
            "Part": _part_name,
            "Language": lambda row: named(str(row["language"]), found.names),
            "As": lambda row: str(row["role"]),
            "Category": lambda row: str(row["category"]),
            "Beneficial": lambda row: _share(row["beneficial"]),
            "Harmful": lambda row: _share(row["harmful"]),
            "Neutral": lambda row: _share(row["neutral"]),
            "Undecided": lambda row: _share(row["undecided"]),
            "Cells": lambda row: count(number(row["n_cells"])),
            "Unseen": lambda row: "unseen" if row["unseen"] else "",
        },
        "languages",
        "A donor helps at least 60 % of the others and hurts at most 10 %; a hazard hurts 60 %; an "
        "inert language leaves 80 % unchanged. Receiver, fragile and stable are the same of "
        "targets. Our thresholds; a language itself is left out.",
    )


def _share(value: object) -> str:
    return f"{100 * number(value):.0f} %"


def _part_name(row: Row) -> str:
    return f"{row['task']} ({row['arm']}, k={int(number(row['updates']))})"


def _plain(title: str, table: pd.DataFrame, cells: Cells, name: str, note: str) -> Exhibit | None:
    """Return a table alone; None where it has no row."""
    if table.empty:
        return None
    rows = [[cell(row) for cell in cells.values()] for row in table.to_dict("records")]
    heads = [Column(head) for head in cells]
    return Exhibit(title, [], Table(title, heads, rows), download(table, name), note)


def recommended(found: MatrixFiles) -> Exhibit | None:
    """Return the pairs that help wherever it was asked, with their evidence."""
    return _plain(
        "Recommended pairs",
        found.tables["recommended"],
        {
            "Transfer": lambda row: named(str(row["transfer"]), found.names),
            "Target": lambda row: named(str(row["target"]), found.names),
            "Least gain": lambda row: f"{100 * number(row['least_gain']):+.1f}",
            "Mean gain": lambda row: f"{100 * number(row['gain']):+.1f}",
            "Beneficial in": lambda row: str(row["where"]),
        },
        "recommended",
        "Beneficial in two tasks and at two numbers of updates where there are two, harmful "
        "nowhere; in order of the smallest lower end of the intervals. Our rule.",
    )


def asymmetry(found: MatrixFiles) -> Exhibit | None:
    """Return the pairs whose two directions differ, with the intervals that exclude 0 first."""
    table = found.tables["asymmetry"]
    clear = (table["ci_low"] > 0) | (table["ci_high"] < 0)
    order = table.assign(clear=clear, size=table["difference"].abs())
    order = order.sort_values(["clear", "size"], ascending=False, kind="stable")
    return _plain(
        "Asymmetry",
        order,
        {
            "Part": _part_name,
            "A": lambda row: named(str(row["a"]), found.names),
            "B": lambda row: named(str(row["b"]), found.names),
            "A to B": lambda row: difference(number(row["a_to_b"]), str(row["metric"])),
            "B to A": lambda row: difference(number(row["b_to_a"]), str(row["metric"])),
            "Difference": lambda row: difference(number(row["difference"]), str(row["metric"])),
            "Interval": _span,
        },
        "asymmetry",
        "Does A help B more than B helps A? Intervals are not corrected for the number of pairs.",
    )


def _span(row: Row) -> str:
    return interval(number(row["ci_low"]), number(row["ci_high"]), str(row["metric"]))


def seen(found: MatrixFiles) -> Exhibit | None:
    """Return mean gains by whether pretraining has seen the two languages."""
    return _plain(
        "Seen and unseen in pretraining",
        found.tables["seen"],
        {
            "Part": _part_name,
            "Transfer": lambda row: str(row["transfer_is"]),
            "Target": lambda row: str(row["target_is"]),
            "Mean gain": lambda row: difference(number(row["gain"]), str(row["metric"])),
            "Interval": _span,
            "Cells": lambda row: count(number(row["n_cells"])),
        },
        "seen",
        "Intervals resample languages, not cells.",
    )


def factors(found: MatrixFiles) -> Exhibit | None:
    """Return what goes with the gains of cells."""
    table = found.tables["factors"].sort_values("p", kind="stable")
    return _plain(
        "What goes with a gain",
        table,
        {
            "Part": _part_name,
            "Factor": lambda row: str(row["factor"]),
            "Without": lambda row: str(row["controls"]),
            "Correlation": lambda row: decimal(number(row["correlation"]), 2),
            "Interval": lambda row: (
                f"{decimal(number(row['ci_low']), 2)} to {decimal(number(row['ci_high']), 2)}"
            ),
            "p": lambda row: probability(number(row["p"])),
            "p, corrected": lambda row: probability(number(row["p_adjusted"])),
            "Languages": lambda row: count(number(row["n_languages"])),
        },
        "factors",
        "Rank correlation over cells with Mantel's permutation test: languages are the units. "
        "`Without` names what was taken out of both sides.",
    )


def controls(found: MatrixFiles) -> Exhibit | None:
    """Return the controls: what any tuning does, whatever the language."""
    cells = found.tables["cells"]
    rows = cells[~cells["arm"].isin((*MATRIX_ARMS, *_COMPANY))]
    return _plain(
        "Controls",
        rows,
        {
            "Part": _part_name,
            "Text": lambda row: mixture_name(str(row["transfer"]), found.names),
            "Target": lambda row: named(str(row["target"]), found.names),
            "Gain": lambda row: difference(number(row["gain"]), str(row["metric"])),
            "Interval": _span,
            "Verdict": lambda row: str(row["verdict"]),
        },
        "controls",
        "Shuffled text keeps words and loses order; the mix is all transfer languages alike; a "
        "rate of zero must change exactly nothing.",
    )


def cost(found: MatrixFiles) -> Exhibit | None:
    """Return what everything took."""
    return _plain(
        "Cost",
        found.tables["cost"],
        {
            "What": lambda row: str(row["what"]),
            "Number": lambda row: count(number(row["n"])),
            "Core seconds": lambda row: decimal(number(row["core_seconds"]), 1),
            "Each": lambda row: decimal(number(row["each"]), 3),
        },
        "cost",
        "Units and task adapters are trained once and shared by all cells.",
    )
