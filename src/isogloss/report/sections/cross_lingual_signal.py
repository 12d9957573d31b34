"""How much of a meta-gradient comes from other languages, and whether it points their way."""

import math
from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
import pandas as pd
from markupsafe import Markup

from isogloss.report.drawings.line_chart import Series, line_chart, line_sample
from isogloss.report.drawings.svg import legend, sample
from isogloss.report.exhibit import Column, Exhibit, Section, Table, download
from isogloss.report.study_files import NotAsked, Row, StudyFiles, number
from isogloss.report.text.naming import language_names, mixture_name, mixture_order, treatment_slots
from isogloss.report.text.wording import count, decimal, in_order, plural, treatment_name

_LINE: Final = ["treatment", "options", "match"]
_MIXTURES: Final = 12
_POINTS: Final = 4000
_LEAD: Final = (
    "The gradient of a language's modules is g − βm: g is the gradient of the language's own "
    "validation loss (the direct term), and m alone carries what the other languages say (the "
    "cross-lingual term). The ratio is β‖m‖ over ‖g‖, on an axis of powers of ten; the cosine is "
    "that of βm and g. Bold lines are medians over seeds, thin lines the seeds."
)
_FAINT: Final = 0.01
_WARNING: Final = (
    "Below one per cent the update is that of the direct term alone for all practical purposes: "
    "what the treatment does then, it does by validation data, not by other languages."
)


def frame(study: StudyFiles) -> pd.DataFrame:
    """Return the two numbers over updates, one row per mixture, treatment and update.

    Columns: mixture, treatment, options, match, update, meta_ratio, meta_cosine (medians over
    seeds), lowest_ratio, highest_ratio, n_seeds.

    Raises:
        NotAsked: no run is meta-learned.
    """
    if study.signals.empty:
        raise NotAsked
    groups = study.signals.groupby(["mixture", *_LINE, "update"], sort=False)
    return groups.agg(
        meta_ratio=("meta_ratio", "median"),
        meta_cosine=("meta_cosine", "median"),
        lowest_ratio=("meta_ratio", "min"),
        highest_ratio=("meta_ratio", "max"),
        n_seeds=("run_id", "nunique"),
    ).reset_index()


def build(study: StudyFiles) -> Mapping[str, object]:
    """Say the median ratio of every treatment, and draw both numbers for every mixture."""
    table = frame(study)
    names = language_names(study)
    mixtures = mixture_order(study, table["mixture"])
    step = max(1, math.ceil(2 * len(study.signals) / _POINTS))
    figures = [
        _figure(table, study, (mixture, column), names, step)
        for mixture in mixtures[:_MIXTURES]
        for column in ("meta_ratio", "meta_cosine")
    ]
    lead = _LEAD
    if step > 1:
        lead += f" To keep the page small, every {step}th point is drawn."
    if len(mixtures) > _MIXTURES:
        more = plural(len(mixtures) - _MIXTURES, "further mixture")
        lead += f" {more} not drawn; the CSV file has all."
    exhibit = Exhibit(
        title="",
        figures=figures,
        table=_table(study.signals, names),
        download=download(table, "cross_lingual_signal"),
        legend=_legend(table, treatment_slots(study)),
    )
    return {"statement": statement(study.signals), "lead": lead, "exhibits": [exhibit]}


def statement(signals: pd.DataFrame) -> str:
    """Say for every treatment how large the cross-lingual term is beside the direct one.

    Args:
        signals: as `read_signals` returns it.
    """
    said = []
    ratios = []
    for name in in_order(signals["treatment"]):
        ratio = float(signals.loc[signals["treatment"] == name, "meta_ratio"].median())
        ratios.append(ratio)
        said.append(
            f"{treatment_name(name)}: the cross-lingual term is {share(ratio)} the direct one "
            "(median over updates, seeds and mixtures)."
        )
    if any(ratio < _FAINT for ratio in ratios):
        said.append(_WARNING)
    return " ".join(said)


def share(ratio: float) -> str:
    """Print a ratio as one says it, with two digits that count.

    Example:
        >>> share(2.5e-4).split(), share(4.5)
        (['0.025', '%', 'of'], '4.5 times')
    """
    if not math.isfinite(ratio):
        return "not a number beside"
    if ratio >= 2:
        return f"{_two_digits(ratio)} times"
    return f"{_two_digits(100 * ratio)}\u00a0% of"


def _two_digits(value: float) -> str:
    """Print a number with two digits that count, never as a power of ten."""
    if value <= 0:
        return "0"
    digits = max(0, 1 - math.floor(math.log10(value)))
    text = f"{value:.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _figure(
    table: pd.DataFrame,
    study: StudyFiles,
    what: tuple[str, str],
    names: Mapping[str, str],
    step: int,
) -> Markup:
    """One number over updates in one mixture, a line for every treatment."""
    mixture, column = what
    here, single = (rows[rows["mixture"] == mixture] for rows in (table, study.signals))
    slots = treatment_slots(study)
    powers = column == "meta_ratio"
    height = _logarithm if powers else float
    series = [
        Series(
            label=_label(line),
            slot=slots.get(line[0], 0),
            mean=_points(_select(here, line), column, height, step),
            seeds=[
                _points(run, column, height, step)
                for _, run in _select(single, line).groupby("run_id", sort=False)
            ],
        )
        for line in _lines(here)
    ]
    name = "cross-lingual over direct term" if powers else "cosine of the two terms"
    chart = line_chart(
        series,
        level=("as large as the direct term", 0.0) if powers else ("at a right angle", 0.0),
        x_label="updates of the run",
        y_label=name,
        title=f"{name[:1].upper()}{name[1:]}, {mixture_name(mixture, names)}",
        description=" ".join(_spoken(here, line, column) for line in _lines(here)),
        powers=powers,
    )
    caption = Markup("<figcaption><b>{}</b> in {}</figcaption>").format(
        name[:1].upper() + name[1:], mixture_name(mixture, names)
    )
    return Markup("<figure>{}{}</figure>").format(caption, chart)


def _lines(rows: pd.DataFrame) -> list[tuple[str, ...]]:
    """The lines of one chart: treatment, options and budget match."""
    return list(dict.fromkeys(map(tuple, rows[_LINE].to_numpy().tolist())))


def _spoken(rows: pd.DataFrame, line: tuple[str, ...], column: str) -> str:
    """One line in words."""
    middle = float(_select(rows, line)[column].median())
    said = f"{share(middle)} the direct term" if column == "meta_ratio" else decimal(middle, 2)
    return f"{_label(line)}: median {said}."


def _select(rows: pd.DataFrame, line: tuple[str, ...]) -> pd.DataFrame:
    """Rows of one line."""
    return rows[(rows[_LINE] == list(line)).all(axis=1)]


def _points(
    rows: pd.DataFrame, column: str, height: Callable[[float], float], step: int
) -> list[tuple[float, float]]:
    """Every step-th point and the last one, by update."""
    ordered = rows.sort_values("update")
    points = [
        (float(update), height(value))
        for update, value in zip(ordered["update"], ordered[column].astype(float), strict=True)
    ]
    return points if step == 1 else [*points[:-1:step], *points[-1:]]


def _logarithm(value: float) -> float:
    """The exponent of ten; a term that is not there has none, and no point."""
    return math.log10(value) if value > 0 else math.nan


def _label(line: tuple[str, ...]) -> str:
    """Treatment and options in one name."""
    treatment, options, _ = line
    return treatment_name(treatment) + (f" ({options})" if options else "")


def _table(signals: pd.DataFrame, names: Mapping[str, str]) -> Table:
    """Medians and ranges of every treatment and mixture."""
    groups = signals.groupby(["mixture", *_LINE], sort=False)
    summary = groups.agg(
        ratio=("meta_ratio", "median"),
        lowest=("meta_ratio", "min"),
        highest=("meta_ratio", "max"),
        cosine=("meta_cosine", "median"),
        against=("meta_cosine", lambda cosines: float(np.mean(np.asarray(cosines) > 0))),
        n_seeds=("seed", "nunique"),
        n_points=("update", "count"),
        read=("meta_validation_epochs", "max"),
    ).reset_index()
    return Table(
        caption="Cross-lingual term over direct term, and their cosine, over updates and seeds",
        columns=[
            Column("Treatment"),
            Column("Mixture"),
            Column("Ratio", numeric=True, unit="median"),
            Column("Ratio", numeric=True, unit="lowest to highest"),
            Column("Cosine", numeric=True, unit="median"),
            Column("Cosine above zero", numeric=True, unit="share of points"),
            Column("Seeds", numeric=True),
            Column("Points", numeric=True),
            Column("Validation text read", numeric=True, unit="times"),
        ],
        rows=[_row(row, names) for row in summary.to_dict("records")],
    )


def _row(row: Row, names: Mapping[str, str]) -> list[str]:
    """One line as printed."""
    line = tuple(str(row[name]) for name in _LINE)
    return [
        _label(line),
        mixture_name(str(row["mixture"]), names),
        f"{number(row['ratio']):.2g}",
        f"{number(row['lowest']):.2g} to {number(row['highest']):.2g}",
        decimal(number(row["cosine"]), 2),
        f"{decimal(100 * number(row['against']), 0)}\u00a0%",
        count(number(row["n_seeds"])),
        count(number(row["n_points"])),
        decimal(number(row["read"]), 1),
    ]


def _legend(table: pd.DataFrame, slots: Mapping[str, int]) -> str:
    """Lines and names."""
    return legend(
        [
            (sample(line_sample(slots.get(name, 0)), "0 0 28 10", 28, 10), treatment_name(name))
            for name in in_order(table["treatment"])
        ]
    )


SECTION = Section("cross-lingual-signal", "Cross-lingual signal", "exhibits.html.j2", frame, build)
