"""A paper without known numbers of languages: its claim, and what the study found of it."""

from collections.abc import Mapping
from typing import Final

import pandas as pd

from isogloss.core import REFERENCES, Reference
from isogloss.report.exhibit import Column, Exhibit, Section, Table, download
from isogloss.report.study_files import NotAsked, NotMeasured, Row, StudyFiles, number
from isogloss.report.text.naming import badge
from isogloss.report.text.wording import (
    SETTINGS,
    difference,
    interval,
    joined,
    metric_and_unit,
    task_name,
    treatment_name,
)

_ABSENT: Final = "not available"
_LEAD: Final = (
    "No number of {text} for a single language is known, so none stands here. What can be held "
    "against the study is what the paper claims: {claim}. Gains are means over "
    "languages at equal examples."
)


def frame(study: StudyFiles) -> pd.DataFrame:
    """Return the mean gains of the paper's models on everything they were held against.

    Columns: those of `averages.csv`, `model` (the paper's name) and `paper` (always empty).

    Raises:
        NotAsked: the study names no paper, or one whose numbers are known.
        NotMeasured: none of the paper's models was compared.
    """
    reference = _reference(study)
    named = {str(one.get("label")): str(one.get("name")) for one in study.items("treatments")}
    models = {model.treatment: model.name for model in reference.models}
    table = study.tables.get("averages")
    if table is None:
        raise NotMeasured("no treatment was compared with another.")
    names = table["treatment"].map(lambda label: models.get(named.get(str(label), str(label)), ""))
    other = [
        named.get(str(label), str(label)) != label and str(label) for label in table["treatment"]
    ]
    names = names.where(
        names == "",
        names + [f" ({treatment_name(label).lower()})" if label else "" for label in other],
    )
    found = table.assign(model=names, paper=float("nan"))[names != ""]
    if found.empty:
        raise NotMeasured(f"the study compared none of {joined(list(models.values()))}.")
    return found.reset_index(drop=True)


def build(study: StudyFiles) -> Mapping[str, object]:
    """Say how often the claim was found again, then show every comparison."""
    table = frame(study)
    reference = _reference(study)
    return {
        "statement": " ".join(
            _found(rows, setting)
            for setting in SETTINGS
            if len(rows := table[table["setting"] == setting])
        ),
        "lead": _LEAD.format(text=reference.text, claim=reference.claim),
        "open": True,
        "exhibits": [
            _exhibit(rows, str(task), str(metric))
            for (task, metric), rows in table.groupby(["task", "metric"], sort=False)
        ],
    }


def _reference(study: StudyFiles) -> Reference:
    """Return the paper of the study."""
    reference = REFERENCES.get(study.text("reference"))
    if reference is None or reference.scores:
        raise NotAsked
    return reference


def _found(rows: pd.DataFrame, setting: str) -> str:
    """How many baselines were beaten in a setting, and how many did not differ significantly."""
    counts = rows["verdict"].value_counts()
    better, worse = (int(counts.get(word, 0)) for word in ("BETTER", "WORSE"))
    open_ = len(rows) - better - worse
    return (
        f"{SETTINGS[setting].capitalize()}, of {len(rows)} comparisons {better} agree with the "
        f"claim, {worse} contradict it, and {open_} tell neither."
    )


def _exhibit(rows: pd.DataFrame, task: str, metric: str) -> Exhibit:
    """The comparisons of one task."""
    table = Table(
        caption=f"{task_name(task)}, {metric_and_unit(metric)}: gain on each baseline",
        columns=[
            Column("Model"),
            Column("Against"),
            Column("Setting"),
            Column("Paper"),
            Column("This study", numeric=True),
            Column("95\u00a0% interval", numeric=True),
            Column("Verdict"),
        ],
        rows=[_row(row, metric) for row in rows.to_dict("records")],
    )
    return Exhibit(task_name(task), [], table, download(rows, f"paper_{task}_{metric}"))


def _row(row: Row, metric: str) -> list[str]:
    """One comparison as printed."""
    low, high = number(row["ci_low"]), number(row["ci_high"])
    return [
        str(row["model"]),
        treatment_name(str(row["reference"])).lower(),
        SETTINGS.get(str(row["setting"]), str(row["setting"])),
        _ABSENT,
        difference(number(row["gain"]), metric),
        interval(low, high, metric),
        badge(str(row["verdict"])),
    ]


SECTION = Section("claim", "Beside the paper", "exhibits.html.j2", frame, build)
