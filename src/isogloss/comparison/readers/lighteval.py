"""lighteval with `--save-details`: `details_<task>_<time>.parquet`.

A row is one example: `metric` (a value for each metric) and `doc` (`id`, `query`, `task_name`), and
`model_response`; before version 0.10 `metrics`, and `example` with the question.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from isogloss.comparison.readers.contract import (
    Asked,
    Json,
    Reader,
    TaskTable,
    as_number,
    choose,
    files_of,
    frame_of,
    language_in,
    latest,
    short,
    task_in_name,
)
from isogloss.core import InputError

_FILES: Final = "*.parquet"
_METRICS: Final = ("metric", "__metric__", "metrics")
_DOCS: Final = ("doc", "__doc__")


def _recognises(path: Path) -> bool:
    return any(_metric_column(one) for one in files_of(path, _FILES)[:1])


def _metric_column(path: Path) -> str | None:
    try:
        names = pq.read_schema(path).names
    except (pa.ArrowInvalid, OSError):
        return None
    return next((name for name in _METRICS if name in names), None)


def _read(path: Path, asked: Asked) -> Iterator[TaskTable]:
    files, said = latest(files_of(path, _FILES))
    for place, file in enumerate(files):
        table = _read_task(file, asked)
        yield TaskTable(table.table, table.task, [*(said if place == 0 else []), *table.notices])


def _read_task(file: Path, asked: Asked) -> TaskTable:
    column = _metric_column(file)
    if column is None:
        raise InputError(
            expected=f"a column {' or '.join(_METRICS)}",
            found="none of them",
            where=str(file),
            next_step="Give the details that `lighteval --save-details` wrote.",
        )
    rows = pq.read_table(file).to_pylist()
    numbers = dict.fromkeys(
        name
        for row in rows
        for name, value in (row[column] or {}).items()
        if isinstance(value, bool | int | float)
    )
    name, said = choose(list(numbers), asked.score, file.name)
    table = frame_of([_row(row, place, column, name, asked) for place, row in enumerate(rows)])
    named = next((str(_doc(row).get("task_name") or "") for row in rows[:1]), "")
    return TaskTable(table, named or task_in_name(file, "details_"), said)


def _doc(row: Json) -> Json:
    found = next((row[name] for name in _DOCS if name in row), None)
    return found if isinstance(found, Mapping) else {}


def _row(row: Json, place: int, column: str, name: str, asked: Asked) -> dict[str, object]:
    doc = _doc(row)
    named = doc.get("id")
    found: dict[str, object] = {
        "example": str(place) if named in (None, "") else str(named),
        "language": language_in(doc.get("specific"), row.get("specifics")),
        "score": as_number((row[column] or {}).get(name)),
    }
    if asked.with_text:
        said = row.get("model_response") or row.get("predictions") or ""
        answer = said.get("text", said) if isinstance(said, Mapping) else said
        found["text"] = f"{short(doc.get('query') or row.get('example', ''))} → {short(answer)}"
    return found


LIGHTEVAL: Final = Reader(
    "lighteval",
    "a folder with details_<task>_<time>.parquet (lighteval --save-details)",
    _recognises,
    _read,
)
