"""The page of two finished systems: who was harmed, where, by what, and what is still open."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import pandas as pd
from markupsafe import Markup

from isogloss.core import COMPARISON_TABLES, TEXT_COLUMNS, InputError, Language, read_json
from isogloss.report.drawings.heat_map import Cell, heat_map
from isogloss.report.drawings.interval_bar import interval_axis, interval_bar
from isogloss.report.drawings.svg import half_range
from isogloss.report.exhibit import Column, Exhibit, Table, download
from isogloss.report.render import write_page
from isogloss.report.study_files import Row, number
from isogloss.report.text.naming import badge, named
from isogloss.report.text.wording import (
    amount,
    count,
    difference,
    factor,
    interval,
    joined,
    metric_and_unit,
    plural,
    probability,
    score,
)

_TEMPLATE: Final = "comparison.html.j2"
_BAR: Final = 160
_WORDS: Final = TEXT_COLUMNS | {"view", "slice", "test", "label", "example", "direction"}
_TEXTS: Final = ("base_text", "new_text")
_MOST_FLIPS: Final = 100
_MOST_COLUMNS: Final = 12


def render_comparison(folder: Path, target: Path | None = None) -> Path:
    """Write the report of two finished systems as one HTML file.

    Args:
        folder: what `isogloss compare --scores --out` wrote.
        target: where to write; `report.html` in the folder when None.

    Returns:
        The file that was written.

    Raises:
        InputError: the folder is no comparison, or the target cannot be written.
    """
    step = "Give the folder that `isogloss compare --scores --out` wrote."
    about = read_json(folder / "comparison.json", what="a comparison", next_step=step)
    rows, changed = (_read(folder, name, step) for name in ("comparison", "flips"))
    names = {code: _name(code) for code in {*rows["language"], *changed["language"]} if code}
    drawn = [_languages(part, names) for part in _by_metric(rows[rows["view"] == "language"])]
    drawn += [one for part in _by_metric(rows[rows["view"] == "task"]) for one in _map(part, names)]
    slices = rows[~rows["view"].isin(("mean", "language"))]
    drawn += [_slices(part, names) for part in _by_metric(slices)]
    drawn += [_open(rows, names), _flips(changed, names)]
    context = {
        "title": f"{Path(str(about.get('base'))).name} against {Path(str(about.get('new'))).name}",
        "sides": f"BASE: {about.get('base')}. NEW: {about.get('new')}. Harm is positive where NEW "
        "is worse.",
        "answer": _answer(rows, names),
        "notes": about.get("notices") or [],
        "exhibits": [one for one in drawn if one is not None],
        "open": True,
    }
    return write_page(target or folder / "report.html", _TEMPLATE, context)


def _read(folder: Path, name: str, step: str) -> pd.DataFrame:
    """Read a table of a comparison; words stay words, whatever they look like."""
    path, table = folder / f"{name}.csv", COMPARISON_TABLES[name]
    words = {one: str for one in table.columns if one in _WORDS or one in _TEXTS}
    try:
        frame = pd.read_csv(path, dtype=words, keep_default_na=False, na_values=[""])
    except (OSError, ValueError) as error:
        raise InputError(
            expected=f"the table {path.name} of a comparison",
            found=str(error),
            where=str(path),
            next_step=step,
        ) from error
    absent = [one for one in table.needed if one not in frame]
    if absent:
        raise InputError(
            expected=f"columns {', '.join(table.needed)}",
            found=f"none called {', '.join(absent)}",
            where=str(path),
            next_step=step,
        )
    frame = frame.reindex(columns=list(table.columns))
    frame[list(words)] = frame[list(words)].astype(object).fillna("")
    return frame


def _name(code: str) -> str:
    try:
        return Language.parse(code).name or code
    except InputError:
        return code


def _by_metric(rows: pd.DataFrame) -> list[pd.DataFrame]:
    return [part for _, part in rows.groupby("metric", sort=False)]


def _answer(rows: pd.DataFrame, names: Mapping[str, str]) -> str:
    """Say the result in two sentences."""
    main = rows[rows["view"] == "language"]
    main = main if len(main) else rows[rows["view"] == "task"]
    hurt = main[main["verdict"] == "HURT"].to_dict("records")
    total = main["language"].nunique()
    if not hurt:
        said = f"None of {plural(total, 'language')} got significantly worse."
    else:
        worst = [
            f"{names[str(row['language'])]} (by {amount(number(row['harm']), str(row['metric']))})"
            for row in hurt[:5]
        ]
        more = [plural(len(hurt) - 5, "other")] if len(hurt) > 5 else []
        said = f"{len(hurt)} of {total} got significantly worse: {joined([*worst, *more])}."
    counts = main["verdict"].value_counts()
    words = {"HELPED": "better", "NO DIFFERENCE": "without a difference of interest"}
    others = [f"{counts[key]} {word}" for key, word in words.items() if counts.get(key)]
    if counts.get("UNDECIDED"):
        others.append(f"{counts['UNDECIDED']} undecided")
    return f"{said} {joined(others).capitalize()}." if others else said


def _row(row: Row, name: str | Markup, half: float) -> list[str]:
    """Return the cells of a row with its interval drawn."""
    metric, verdict = str(row["metric"]), str(row["verdict"])
    harm, low, high = (number(row[key]) for key in ("harm", "ci_low", "ci_high"))
    return [
        name,
        score(number(row["base"]), metric),
        score(number(row["new"]), metric),
        f"{difference(harm, metric)} {interval(low, high, metric)}".strip(),
        interval_bar(harm, low, high, half=half, verdict=verdict, width=_BAR),
        probability(number(row["p_adjusted"])),
        badge(verdict),
        f"{count(number(row['broke']))} / {count(number(row['mended']))} "
        f"of {count(number(row['n_examples']))}",
    ]


def _table(rows: pd.DataFrame, cells: Sequence[Sequence[str]], caption: str, half: float) -> Table:
    metric = str(rows["metric"].iloc[0])
    heads = [
        Column("Language"),
        Column("Base", numeric=True),
        Column("New", numeric=True),
        Column("Harm", numeric=True, unit="with its interval"),
        Column(interval_axis(half, factor=factor(metric), width=_BAR)),
        Column("p", numeric=True, unit="corrected"),
        Column("Verdict"),
        Column("Broke / mended", numeric=True, unit="of all examples"),
    ]
    return Table(caption, heads, cells)


def _half(rows: pd.DataFrame) -> float:
    return half_range([*rows["ci_low"], *rows["ci_high"], *rows["harm"]])


def _languages(rows: pd.DataFrame, names: Mapping[str, str]) -> Exhibit:
    """Return the languages, the most harmed first."""
    metric, half = str(rows["metric"].iloc[0]), _half(rows)
    cells = [_row(row, named(str(row["language"]), names), half) for row in rows.to_dict("records")]
    caption = "The most harmed first; intervals of each row alone, p corrected for all rows"
    return Exhibit(
        f"Languages: {metric_and_unit(metric)}",
        [],
        _table(rows, cells, caption, half),
        download(rows, f"languages_{metric}"),
    )


def _slices(rows: pd.DataFrame, names: Mapping[str, str]) -> Exhibit:
    """Return the slices, the most harmed first."""
    rows = rows.sort_values("harm", ascending=False, kind="stable")
    metric, half = str(rows["metric"].iloc[0]), _half(rows)
    cells = [_row(row, _slice_name(row, names), half) for row in rows.to_dict("records")]
    caption = "The most harmed first; intervals of each row alone, p corrected for all rows"
    return Exhibit(
        f"Slices: {metric_and_unit(metric)}",
        [],
        _table(rows, cells, caption, half),
        download(rows, f"slices_{metric}"),
    )


def _slice_name(row: Row, names: Mapping[str, str]) -> str:
    language = str(row["language"])
    part = str(row["task"] if row["view"] == "task" else row["slice"])
    return f"{names.get(language, language) or 'All languages'}, {row['view']} {part}"


def _map(rows: pd.DataFrame, names: Mapping[str, str]) -> list[Exhibit]:
    """Return the map of language and task, a picture for every twelve tasks."""
    metric = str(rows["metric"].iloc[0])
    largest = max(float(rows["harm"].abs().max()), 1e-12)
    records = rows.to_dict("records")
    cells = {
        (str(row["language"]), str(row["task"])): Cell(
            shade=number(row["harm"]) / largest,
            text=difference(number(row["harm"]), metric),
            note=f"{_slice_name(row, names)}: {str(row['verdict']).lower()}",
            hatched=str(row["verdict"]) not in {"HURT", "HELPED"},
        )
        for row in records
    }
    tasks = list(dict.fromkeys(str(row["task"]) for row in records))
    worst = rows.groupby("language")["harm"].max().sort_values(ascending=False)
    figures = [
        heat_map(
            cells,
            {**names, **{task: task for task in tasks}},
            sources=[str(code) for code in worst.index],
            targets=tasks[start : start + _MOST_COLUMNS],
            title="Harm by language and task",
            description="Vermilion: NEW is worse. Blue: better. Hatched: not significant.",
            axes=("language ↓", "task →"),
        )
        for start in range(0, len(tasks), _MOST_COLUMNS)
    ]
    table = rows.pivot_table(index="language", columns="task", values="harm", observed=True)
    table = table[tasks]
    printed = [
        [named(str(code), names), *(difference(float(value), metric) for value in table.loc[code])]
        for code in worst.index
    ]
    heads = [Column("Language"), *(Column(str(task), numeric=True) for task in table.columns)]
    legend = "Orange: NEW is worse. Blue: better. Hatched: not significant."
    return [
        Exhibit(
            f"Where the harm is: {metric_and_unit(metric)}",
            [
                *(Markup("<figure>{}</figure>").format(one) for one in figures),
                Markup('<p class="certainty">{}</p>').format(legend),
            ],
            Table("Harm by language and task", heads, printed),
            download(rows, f"language_by_task_{metric}"),
        )
    ]


def _open(rows: pd.DataFrame, names: Mapping[str, str]) -> Exhibit | None:
    """Return what it would take to decide the rows that are open."""
    is_open = (rows["verdict"] == "UNDECIDED") & (rows["view"] != "mean")
    left = rows[is_open].sort_values("examples_needed", kind="stable")
    if left.empty:
        return None
    heads = [
        Column("Language"),
        Column("Examples", numeric=True, unit="there are"),
        Column("Examples", numeric=True, unit="needed"),
        Column("Smallest effect", numeric=True, unit="of interest"),
        Column("Detectable", numeric=True, unit="with power 0.8"),
        Column("Power", numeric=True, unit="for the smallest effect"),
    ]
    cells = [
        [
            _slice_name(row, names) if row["view"] != "language" else _named(row, names),
            count(number(row["n_examples"])),
            count(number(row["examples_needed"])),
            score(number(row["smallest_effect"]), str(row["metric"])),
            score(number(row["mde"]), str(row["metric"])),
            probability(number(row["power"])),
        ]
        for row in left.to_dict("records")
    ]
    caption = "Examples like these that would find the smallest effect of interest with power 0.8"
    return Exhibit(
        "What would decide the open ones", [], Table(caption, heads, cells), download(left, "open")
    )


def _named(row: Row, names: Mapping[str, str]) -> Markup:
    return named(str(row["language"]), names)


def _flips(changed: pd.DataFrame, names: Mapping[str, str]) -> Exhibit | None:
    """Return the examples that broke or were mended, those that changed most of every language."""
    if changed.empty:
        return None
    with_text = bool((changed["base_text"] != "").any())
    shown = _some_of_each(changed)
    heads = [Column("Example"), Column("Language"), Column("Task"), Column("Change")]
    heads += [Column("Base", numeric=True), Column("New", numeric=True)]
    heads += [Column("Asked"), Column("Base said"), Column("New said")] if with_text else []
    cells = [
        [
            str(row["example"]),
            names.get(str(row["language"]), str(row["language"])),
            str(row["task"]),
            str(row["direction"]),
            score(number(row["base"]), str(row["metric"])),
            score(number(row["new"]), str(row["metric"])),
            *(_said(str(row["base_text"]), str(row["new_text"])) if with_text else []),
        ]
        for row in shown.to_dict("records")
    ]
    caption = (
        f"{len(shown)} examples of {len(changed):,} in flips.csv: those that changed most of each "
        "language"
    )
    return Exhibit(
        "What broke, and what was mended",
        [],
        Table(caption, heads, cells),
        download(changed, "flips"),
    )


def _some_of_each(changed: pd.DataFrame) -> pd.DataFrame:
    """Return as many of both kinds, whichever there are more of, and of each language in turn."""
    size = changed["harm"].abs().rank(method="first", ascending=False)
    turn = size.groupby([changed["direction"], changed["language"]]).rank()
    order = changed.assign(turn=turn, size=size).sort_values(["direction", "turn", "size"])
    shown = order.groupby("direction").head(_MOST_FLIPS // 2)
    languages = shown.groupby("language")["harm"].transform("max")
    return shown.assign(most=-languages).sort_values(["direction", "most", "language", "turn"])


def _said(base: str, new: str) -> list[str]:
    """Return a question once, where both texts begin with it, and the two answers."""
    (asked, arrow, first), (other, _, second) = (one.rpartition(" → ") for one in (base, new))
    return [asked, first, second] if arrow and asked == other else ["", base, new]
