"""A study folder as the report sees it: tables, notes, curves, and what is missing and why."""

import json
import re
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pandas as pd

from isogloss.core import (
    TABLES,
    TEXT_COLUMNS,
    TRUTH_COLUMNS,
    InputError,
    first_changed,
    is_sealed,
)
from isogloss.report.curves import no_signals, read_curves, read_signals, with_roles

Json = Mapping[str, object]
Row = Mapping[Hashable, object]

# Tables that most studies have no rows for; that they are empty or absent is not worth a word.
_OFTEN_EMPTY: Final = (
    *("mixtures", "conflict", "averages", "forgetting", "diagnoses", "truth"),
    *("sharing", "neurons", "transfer_gap", "gap_correlation"),
)
_EMPTY: Final = {"parameters": "its runs were made before parameters were counted"}
_A_NAME: Final = re.compile("[a-z_]+")
_LOGS: Final = ("metrics.jsonl", "spec.yaml")
_LEFT_BEFORE_THE_FIRST_RUN: Final = ("spec.yaml", "study.json", "runs")


@dataclass(frozen=True)
class StudyFiles:
    """Everything that a report is made of.

    Attributes:
        folder: where it was read.
        about: `study.json`.
        notes: `notes.json`, each with "level" and "text".
        tables: by name of `TABLES`; absent where the file is missing or useless.
        curves: dev losses, one row per run, language and update.
        spec: text of `spec.yaml`.
        missing: by file name, why it was not read.
        signals: what meta-learning runs logged, one row per run and update.
        measured: by name, tables of measurements that are not among `TABLES`.
    """

    folder: Path
    about: Json
    notes: tuple[Mapping[str, str], ...]
    tables: Mapping[str, pd.DataFrame]
    curves: pd.DataFrame
    spec: str
    missing: Mapping[str, str] = field(default_factory=dict)
    signals: pd.DataFrame = field(default_factory=no_signals)
    measured: Mapping[str, pd.DataFrame] = field(default_factory=dict[str, pd.DataFrame])

    def table(self, name: str) -> pd.DataFrame:
        """Return a table, or say why it is not there.

        Raises:
            NotMeasured: the file is missing, empty or lacks a column.
        """
        if name in self.tables:
            return self.tables[name]
        raise NotMeasured(self.missing.get(name, f"the study wrote no {name}."))

    def text(self, key: str, default: str = "") -> str:
        """Return a string of `study.json`, whatever type it has there."""
        value = self.about.get(key)
        return default if value is None else str(value)

    def items(self, key: str) -> list[Json]:
        """Return a list of mappings of `study.json`; anything else in it is left out."""
        value = self.about.get(key)
        return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


class NotMeasured(Exception):
    """A display has nothing to show; the text says why, and the report prints it."""


class NotAsked(Exception):
    """A display has no place in this study; the report leaves it out."""


def read_study(folder: Path) -> StudyFiles:
    """Read a study folder; whatever is missing is remembered with its reason.

    Args:
        folder: what `isogloss run --out` wrote.

    Returns:
        The contents.

    Raises:
        InputError: the folder is no study, or one of its files is damaged.
    """
    present = [name for name in _LEFT_BEFORE_THE_FIRST_RUN if (folder / name).exists()]
    present += [name for name in TABLES if (folder / f"{name}.csv").exists()]
    if not folder.is_dir() or not present:
        raise InputError(
            expected="a study folder (with spec.yaml, records, verdicts.csv)",
            found="none of these files" if folder.is_dir() else "no such folder",
            where=str(folder),
            next_step="Give the folder that `isogloss run --out` or `isogloss audit --out` wrote.",
        )
    missing: dict[str, str] = {}
    about = _read_json(folder / "study.json", missing)
    about = about if isinstance(about, dict) else {}
    _refuse_changed(folder, about.get("files"))
    _refuse_changed_logs(folder / "runs")
    tables: dict[str, pd.DataFrame] = {}
    for name in TABLES:
        found = _read_table(folder, name)
        if isinstance(found, str):
            if name not in _OFTEN_EMPTY:
                missing[name] = found
        else:
            tables[name] = found
    notes = _read_json(folder / "notes.json", missing)
    spec_path = folder / "spec.yaml"
    return StudyFiles(
        folder=folder,
        about=about,
        notes=tuple(_as_note(note) for note in notes) if isinstance(notes, list) else (),
        tables=tables,
        curves=with_roles(read_curves(folder / "runs"), tables.get("confounds")),
        signals=with_roles(read_signals(folder / "runs"), tables.get("confounds")),
        spec=spec_path.read_text("utf-8", errors="replace") if spec_path.is_file() else "",
        missing=missing,
        measured=_read_measured(folder, about.get("measurements")),
    )


def _read_measured(folder: Path, named: object) -> dict[str, pd.DataFrame]:
    """Return the tables of the measurements that `study.json` names beyond `TABLES`."""
    names = [one.get("name") for one in named if isinstance(one, dict)] if named else []  # type: ignore[union-attr]
    further = [one for one in names if isinstance(one, str) and one not in TABLES]
    paths = {name: folder / f"{name}.csv" for name in further if _A_NAME.fullmatch(name)}
    return {
        name: pd.read_csv(path, keep_default_na=False, na_values=[""], dtype=_words_as_text(path))
        for name, path in paths.items()
        if path.is_file()
    }


def _read_table(folder: Path, name: str) -> pd.DataFrame | str:
    """Return a table with every column of the contract, or the reason why there is none."""
    csv, parquet = folder / f"{name}.csv", folder / f"{name}.parquet"
    try:
        if csv.is_file():
            # "NA" or "nan" may be a language or a label: only an empty field is missing.
            frame = pd.read_csv(
                csv, keep_default_na=False, na_values=[""], dtype=_words_as_text(csv)
            )
        elif parquet.is_file():
            frame = pd.read_parquet(parquet)
        else:
            return f"{csv.name} is not in the study folder."
    except (ValueError, OSError) as error:
        if csv.is_file() and csv.read_bytes() == b"\n":  # a table without a row or a column
            return f"{csv.name} holds no row: {_EMPTY.get(name, 'no comparison was finished')}."
        raise _damaged(csv if csv.is_file() else parquet, str(error)) from error
    absent = [column for column in TABLES[name].needed if column not in frame.columns]
    if absent:
        raise _damaged(csv, f"it lacks the columns {', '.join(absent)}")
    if frame.empty:
        return f"{csv.name} holds no row: {_EMPTY.get(name, 'no comparison was finished')}."
    return _complete(frame, name)


def _refuse_changed(folder: Path, digests: object) -> None:
    """Refuse tables that are no longer what was written: half a table reads as a whole one.

    Raises:
        InputError: one of them is gone or another, by the digests that `study.json` holds.
    """
    if not isinstance(digests, dict):  # studies once noted none
        return
    changed = first_changed(folder, digests)
    if changed is not None:
        found = "it is not what was written" if changed.is_file() else "it is gone"
        raise _damaged(changed, found)


def _refuse_changed_logs(runs: Path) -> None:
    """Refuse logs of finished runs that are no longer what was written: curves come from them.

    Raises:
        InputError: one of them is gone or another, by the digests that its run's result holds.
    """
    for path in sorted(runs.glob("*/result.json")):
        result = _read_json(path, {})
        if not isinstance(result, dict) or not is_sealed(result):
            raise _damaged(path, "it is not what was written")
        digests = result.get("files", {})
        logs = {name: digests[name] for name in _LOGS if name in digests}
        _refuse_changed(path.parent, logs)


def _damaged(path: Path, found: str) -> InputError:
    return InputError(
        expected="the tables of a study as isogloss wrote them",
        found=f"a damaged or changed {path.name} ({found})",
        where=str(path),
        next_step="Give the study's command again: its tables are written anew from its runs.",
    )


def _words_as_text(csv: Path) -> dict[str, type[str]]:
    """A mixture named 1 or a treatment named 007 stays text."""
    header = pd.read_csv(csv, nrows=0).columns
    return {column: str for column in header if column in TEXT_COLUMNS}


def _complete(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    """Add the optional columns that are absent; empty text is "", empty numbers are nan."""
    frame = frame.copy()
    for column in TABLES[name].columns:
        words = column in TEXT_COLUMNS
        if column not in frame.columns:
            frame[column] = "" if words else float("nan")
        elif words:
            frame[column] = frame[column].astype(object).fillna("").astype(str)
        elif column not in TRUTH_COLUMNS:
            frame[column] = pd.to_numeric(frame[column], errors="coerce")
    return frame


def _read_json(path: Path, missing: dict[str, str]) -> object:
    """Return the content of a JSON file, or None and a remembered reason."""
    if not path.is_file():
        missing[path.name] = f"{path.name} is not in the study folder."
        return None
    try:
        return json.loads(path.read_text("utf-8"))
    except (ValueError, RecursionError) as error:
        raise _damaged(path, str(error)) from error


def _as_note(note: object) -> dict[str, str]:
    """A note is a level and a text, whatever was written."""
    if isinstance(note, dict):
        return {"level": str(note.get("level", "note")), "text": str(note.get("text", ""))}
    return {"level": "note", "text": str(note)}


def number(cell: object) -> float:
    """Return a cell of a row as a number; an empty one is nan."""
    return float(cell) if isinstance(cell, int | float) else float("nan")


_ALONE: Final = "monolingual"
# The task of pretraining itself; a study of which it is the only one tested no task.
_PRETRAINING: Final = "masked_lm"


def asks_for_treatments(study: StudyFiles) -> bool:
    """Return whether a study compares treatments; where `study.json` does not say, it may."""
    joint = [one for one in study.items("treatments") if one.get("name") != _ALONE]
    return not study.items("treatments") or len(joint) > 1


def asks_for_tasks(study: StudyFiles) -> bool:
    """Return whether any table of a study speaks of a task that is fine-tuned or retrieved."""
    tables = [table for table in study.tables.values() if "task" in table]
    return any((~table["task"].isin(("", _PRETRAINING))).any() for table in tables)
