"""What each treatment of fine-tuning gains in the mean over the languages."""

from collections.abc import Mapping
from typing import Final

import pandas as pd

from isogloss.report.drawings.interval_bar import interval_axis, interval_bar
from isogloss.report.drawings.svg import half_range
from isogloss.report.exhibit import Column, Exhibit, Section, Table, download
from isogloss.report.study_files import NotAsked, Row, StudyFiles, number
from isogloss.report.text.helpful_treatments import helpful_treatments, merits_of_parts
from isogloss.report.text.naming import badge, language_names, mixture_name
from isogloss.report.text.wording import (
    SETTINGS,
    difference,
    factor,
    interval,
    metric_and_unit,
    plural,
    probability,
    score,
    task_name,
    treatment_name,
)

_BAR: Final = 84
_LEAD: Final = (
    "Gain of each treatment in the mean over the languages of a setting, weighted equally. "
    "All treatments start from the same pretrained models and learn from the same number of "
    "examples. p-values are Holm-corrected over the treatments that share a reference."
)


def frame(study: StudyFiles) -> pd.DataFrame:
    """Return `averages.csv`: one row per treatment, reference, mixture, task and setting.

    Raises:
        NotAsked: the study has no such table, because its languages are not tested on one model.
    """
    if "averages" not in study.tables:
        raise NotAsked
    return study.table("averages")


def build(study: StudyFiles) -> Mapping[str, object]:
    """Show one table a mixture, task and setting."""
    table = frame(study)
    names = language_names(study)
    keys = ["mixture", "task", "metric", "setting"]
    exhibits = [
        _exhibit(rows, (str(mixture), str(task), str(metric), str(setting)), names)
        for (mixture, task, metric, setting), rows in table.groupby(keys, sort=False)
    ]
    said = " ".join([*helpful_treatments(study), *merits_of_parts(study)])
    return {"statement": said, "lead": _LEAD, "open": True, "exhibits": exhibits}


def _exhibit(rows: pd.DataFrame, key: tuple[str, ...], names: Mapping[str, str]) -> Exhibit:
    """The treatments of one place, a line for each reference."""
    mixture, task, metric, setting = key
    half = half_range([*rows["ci_low"], *rows["ci_high"], *rows["gain"]])
    title = f"{task_name(task)}, {metric_and_unit(metric)}, {SETTINGS.get(setting, setting)}"
    n_languages = plural(int(rows["n_languages"].max()), "language")
    table = Table(
        caption=f"{mixture_name(mixture, names)}, mean of {n_languages}",
        columns=[
            Column("Treatment"),
            Column("Against"),
            Column("Score", numeric=True),
            Column("Reference", numeric=True),
            Column("Gain", numeric=True),
            Column("95\u00a0% interval", numeric=True),
            Column("p", numeric=True, unit="Holm"),
            Column("Verdict"),
            Column("MDE", numeric=True),
            Column("Gain, drawn"),
        ],
        rows=[
            *(_row(row, metric, half) for row in rows.to_dict("records")),
            [*[""] * 9, interval_axis(half, factor=factor(metric), width=_BAR)],
        ],
    )
    return Exhibit(title, [], table, download(rows, "_".join(("averages", *key))))


def _row(row: Row, metric: str, half: float) -> list[str]:
    """One comparison as printed."""
    gain, low, high = (number(row[name]) for name in ("gain", "ci_low", "ci_high"))
    verdict = str(row["verdict"])
    return [
        treatment_name(str(row["treatment"])),
        treatment_name(str(row["reference"])).lower(),
        score(number(row["value"]), metric),
        score(number(row["reference_value"]), metric),
        difference(gain, metric),
        interval(low, high, metric),
        probability(number(row["p_holm"])),
        badge(verdict),
        score(number(row["mde"]), metric),
        interval_bar(gain, low, high, half=half, verdict=verdict, width=_BAR),
    ]


SECTION = Section("averages", "Which treatments help on average", "exhibits.html.j2", frame, build)
