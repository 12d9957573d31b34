"""What a treatment gains within a language against what it gains or loses zero-shot."""

from collections.abc import Mapping
from typing import Final

import pandas as pd

from isogloss.report.drawings.scatter_plot import Point, marker, scatter_plot
from isogloss.report.drawings.svg import legend, sample
from isogloss.report.exhibit import Column, Exhibit, Section, Table, download
from isogloss.report.study_files import (
    NotAsked,
    NotMeasured,
    StudyFiles,
    asks_for_tasks,
    asks_for_treatments,
)
from isogloss.report.text.naming import language_names, mixture_name, treatment_slots
from isogloss.report.text.wording import (
    difference,
    in_order,
    metric_and_unit,
    plural,
    task_name,
    treatment_name,
    unit,
)

_QUADRANTS: Final = ("gains both", "gains zero-shot only", "loses both", "gains within only")
_LEAD: Final = (
    "Mean gain of each treatment on plain joint training. Right: better within a language. Up: "
    "better zero-shot. A treatment at the lower right buys one with the other."
)
_KEYS: Final = ["treatment", "mixture", "task", "metric"]


def frame(study: StudyFiles) -> pd.DataFrame:
    """Return the mean gains on untreated, one row per treatment, mixture and task.

    Columns: the keys, `within_language` and `zero_shot` (mean gain over languages, fractions),
    `n_within_language`, `n_zero_shot` (how many comparisons the means hold).

    Raises:
        NotAsked: the study has no treatment beside plain joint training, or no task.
        NotMeasured: no treatment has both settings.
    """
    if not (asks_for_treatments(study) and asks_for_tasks(study)):
        raise NotAsked
    table = study.table("comparisons")
    table = table[(table["reference"] == "untreated") & (table["treatment"] != "untreated")]
    if table.empty:
        raise NotMeasured("no treatment was compared with untreated.")
    means = {
        setting: table[table["setting"] == setting].groupby(_KEYS, sort=False)["gain"]
        for setting in ("within_language", "zero_shot")
    }
    joined = pd.DataFrame(
        {
            **{setting: group.mean() for setting, group in means.items()},
            **{f"n_{setting}": group.count() for setting, group in means.items()},
        }
    ).dropna()
    if joined.empty:
        raise NotMeasured(
            "no treatment was tested both within a language and zero-shot on the same task."
        )
    return joined.reset_index()


def build(study: StudyFiles) -> Mapping[str, object]:
    """Draw one plane a task."""
    table = frame(study)
    slots, names = treatment_slots(study), language_names(study)
    return {
        "exhibits": [
            _exhibit(rows, str(task), str(metric), slots, names)
            for (task, metric), rows in table.groupby(["task", "metric"], sort=False)
        ],
        "pairs": True,
        "lead": _LEAD,
    }


def _exhibit(
    rows: pd.DataFrame,
    task: str,
    metric: str,
    slots: Mapping[str, int],
    names: Mapping[str, str],
) -> Exhibit:
    """The plane of one task with its table."""
    scale = 1.0 if unit(metric) != "points" else 100.0
    figure = scatter_plot(
        [*_small(rows, scale, slots, names), *_large(rows, scale, slots)],
        quadrants=_QUADRANTS,
        x_label=f"gain within language, {unit(metric)} →",
        y_label=f"↑ gain zero-shot, {unit(metric)}",
        title=f"{task_name(task)}: gain within language against gain zero-shot",
        description="Large signs are means over mixtures, small ones single mixtures. "
        + " ".join(_spoken(point) for point in _large(rows, scale, slots)),
    )
    return Exhibit(
        title=f"{task_name(task)}, {metric_and_unit(metric)}",
        figures=[figure],
        table=_table(rows, task, metric, names),
        download=download(rows, f"trade_off_{task}_{metric}"),
        legend=_legend(rows, slots),
    )


def _large(rows: pd.DataFrame, scale: float, slots: Mapping[str, int]) -> list[Point]:
    """One labelled point a treatment: the mean over mixtures."""
    means = rows.groupby("treatment", sort=False)[["within_language", "zero_shot"]].mean() * scale
    return [
        Point(
            label=treatment_name(str(treatment)),
            slot=slots.get(str(treatment), 0),
            x=float(mean["within_language"]),
            y=float(mean["zero_shot"]),
            note=f"{treatment_name(str(treatment))}: mean over mixtures",
        )
        for treatment, mean in means.iterrows()
    ]


def _small(
    rows: pd.DataFrame, scale: float, slots: Mapping[str, int], names: Mapping[str, str]
) -> list[Point]:
    """One faint point a treatment and mixture; none where there is a single mixture."""
    if rows["mixture"].nunique() < 2:
        return []
    return [
        Point(
            label="",
            slot=slots.get(str(row["treatment"]), 0),
            x=scale * float(row["within_language"]),
            y=scale * float(row["zero_shot"]),
            note=f"{treatment_name(str(row['treatment']))}, "
            f"{mixture_name(str(row['mixture']), names)}",
        )
        for row in rows.to_dict("records")
    ]


def _spoken(point: Point) -> str:
    """One point in words."""
    return f"{point.label}: {point.x:+.1f} within, {point.y:+.1f} zero-shot."


def _table(rows: pd.DataFrame, task: str, metric: str, names: Mapping[str, str]) -> Table:
    """The numbers of the plane."""
    return Table(
        caption=f"{task_name(task)}: mean gain on untreated, in {unit(metric)}",
        columns=[
            Column("Treatment"),
            Column("Mixture"),
            Column("Within language", numeric=True),
            Column("Zero-shot", numeric=True),
            Column("Means of"),
        ],
        rows=[
            [
                treatment_name(str(row["treatment"])),
                mixture_name(str(row["mixture"]), names),
                difference(float(row["within_language"]), metric),
                difference(float(row["zero_shot"]), metric),
                f"{plural(int(row['n_within_language']), 'language')}, "
                f"{plural(int(row['n_zero_shot']), 'direction')}",
            ]
            for row in rows.to_dict("records")
        ],
    )


def _legend(rows: pd.DataFrame, slots: Mapping[str, int]) -> str:
    """Signs and names."""
    return legend(
        [
            (sample(marker(slots.get(name, 0)), "-8 -8 16 16", 16, 16), treatment_name(name))
            for name in in_order(rows["treatment"])
        ]
    )


SECTION = Section("trade-off", "The trade-off", "exhibits.html.j2", frame, build)
