"""MTEB results: `<task>.json` with `task_name` and `scores` by split.

What MTEB writes by itself is one number a subset: means over queries or pairs, from which nothing
can be said about chance. A subset's row that has a list or mapping of values under
`<metric>_per_query` (or `_per_example`) can be read.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from isogloss.comparison.readers.contract import (
    Asked,
    Json,
    Reader,
    TaskTable,
    as_number,
    choose,
    files_of,
    frame_of,
)
from isogloss.core import InputError, read_json

_ENDINGS: Final = ("_per_query", "_per_example", "_per_sample")
_OTHER: Final = "model_meta.json"


def _recognises(path: Path) -> bool:
    return any(_is_result(one) for one in files_of(path, "*.json") if one.name != _OTHER)


def _is_result(path: Path) -> bool:
    with path.open(encoding="utf-8", errors="replace") as file:
        head = file.read(65_536)
    return '"mteb_version"' in head or '"mteb_dataset_name"' in head


def _read(path: Path, asked: Asked) -> Iterator[TaskTable]:
    results = [one for one in files_of(path, "*.json") if one.name != _OTHER and _is_result(one)]
    step = "Run the evaluation of that task again."
    found = [(file, read_json(file, what="a result of MTEB", next_step=step)) for file in results]
    rows = {file: list(_subsets(content)) for file, content in found}
    if not any(_values(row) for subsets in rows.values() for row in subsets):
        raise InputError(
            expected="a value for each query or pair, under a key that ends in _per_query",
            found=f"one number for each of {sum(map(len, rows.values()))} subsets, as MTEB writes",
            where=str(path),
            next_step="Means say nothing about chance. Write the score of each query as CSV "
            "(language, example, score) and give that.",
        )
    for file, content in found:
        for row in rows[file]:
            if _values(row):
                yield _table(content, row, file, asked)


def _subsets(content: Json) -> Iterator[Json]:
    scores = content.get("scores")
    for rows in scores.values() if isinstance(scores, Mapping) else ():
        yield from (row for row in rows if isinstance(row, Mapping))


def _values(row: Json) -> dict[str, Any]:
    """Return the lists and mappings of values of a subset."""
    return {
        key[: -len(ending)]: value
        for key, value in row.items()
        for ending in _ENDINGS
        if key.endswith(ending) and isinstance(value, list | dict) and value
    }


def _table(content: Json, row: Json, file: Path, asked: Asked) -> TaskTable:
    values = _values(row)
    task = str(content.get("task_name") or content.get("mteb_dataset_name") or file.stem)
    name, said = choose(list(values), asked.score, f"{file.name}, {row.get('hf_subset', '')}")
    found = values[name]
    pairs = found.items() if isinstance(found, Mapping) else enumerate(found)
    subset = str(row.get("hf_subset", "default"))
    rows = [
        {"example": f"{subset}:{key}", "language": _language(row), "score": as_number(value)}
        for key, value in pairs
    ]
    return TaskTable(frame_of(rows), task, said)


def _language(row: Json) -> str | None:
    """Return the language of a subset; of a pair, the one that is not English."""
    languages = [str(one) for one in row.get("languages") or ()]
    other = [one for one in languages if not one.startswith("eng")]
    chosen = other if len(other) == 1 else languages
    return chosen[0] if len(chosen) == 1 else None


MTEB: Final = Reader(
    "MTEB",
    "a folder with <task>.json that hold a value for each query",
    _recognises,
    _read,
)
