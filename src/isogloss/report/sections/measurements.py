"""Measurements that have no section of their own: the question, and the rows as they are."""

from collections.abc import Mapping
from typing import Final

import pandas as pd

from isogloss.core import ROLE_COLUMNS
from isogloss.report.exhibit import Column, Exhibit, Section, Table, download
from isogloss.report.study_files import NotAsked, NotMeasured, StudyFiles
from isogloss.report.text.wording import NONE, decimal

_PRINTED: Final = 100
_LEAD: Final = (
    "Measurements that this study asked for, as rows of their tables. What a run stands for comes "
    "first, the measurement's own columns follow."
)


def frame(study: StudyFiles) -> pd.DataFrame:
    """Return the rows of all such measurements; the first column, `measurement`, names it.

    Raises:
        NotAsked: every measurement of the study has a section of its own.
        NotMeasured: they were asked for and no run made one.
    """
    if not study.measured:
        raise NotAsked
    frames = [rows.assign(measurement=name) for name, rows in study.measured.items()]
    table = pd.concat(frames, ignore_index=True)
    if table.empty:
        raise NotMeasured(f"no run made the measurements {', '.join(study.measured)}.")
    return table[["measurement", *(one for one in table.columns if one != "measurement")]]


def build(study: StudyFiles) -> Mapping[str, object]:
    """Print each measurement under its question."""
    frame(study)
    questions = {str(one.get("name")): str(one.get("what")) for one in study.items("measurements")}
    exhibits = [
        _exhibit(name, questions[name], rows) for name, rows in study.measured.items() if len(rows)
    ]
    return {"lead": _LEAD, "open": True, "exhibits": exhibits}


def _exhibit(name: str, question: str, rows: pd.DataFrame) -> Exhibit:
    """One measurement; `run_id` is left to the download."""
    shown = [one for one in rows.columns if one != "run_id" and rows[one].notna().any()]
    numeric = {one: pd.api.types.is_numeric_dtype(rows[one]) for one in shown}
    more = len(rows) - _PRINTED
    rest = f" The first {_PRINTED} of {len(rows):,} rows are printed." if more > 0 else ""
    table = Table(
        caption=f"{question}{rest}",
        columns=[Column(one.replace("_", " "), numeric=numeric[one]) for one in shown],
        rows=[
            [_cell(row[one], measured=numeric[one] and one not in ROLE_COLUMNS) for one in shown]
            for _, row in rows.head(_PRINTED).iterrows()
        ],
    )
    return Exhibit(name.replace("_", " "), [], table, download(rows, name))


def _cell(value: object, *, measured: bool) -> str:
    """A cell as printed: what was measured with three decimals."""
    if pd.isna(value):  # type: ignore[call-overload]
        return NONE
    return decimal(float(str(value)), 3) if measured else str(value)


SECTION = Section("measurements", "Further measurements", "exhibits.html.j2", frame, build)
