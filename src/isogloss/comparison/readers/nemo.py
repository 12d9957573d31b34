"""NeMo Evaluator: `results.jsonl` beside `eval-<time>-<benchmark>.json`.

A line is one answer: `problem_idx`, `repeat`, `reward`, `model_response`, `metadata`. Several
answers to one problem are averaged.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from isogloss.comparison.readers.contract import (
    Asked,
    Json,
    Reader,
    TaskTable,
    as_number,
    files_of,
    first_object,
    frame_of,
    json_lines,
    language_in,
    short,
)
from isogloss.core import read_json

_FILE: Final = "results.jsonl"
_MEND: Final = "Remove it, or copy it anew."
_NEEDED: Final = {"problem_idx", "reward"}


def _recognises(path: Path) -> bool:
    return any(set(first_object(one)) >= _NEEDED for one in files_of(path, "*.jsonl")[:3])


def _read(path: Path, asked: Asked) -> Iterator[TaskTable]:
    for file in files_of(path, _FILE) or files_of(path, "*.jsonl"):
        rows = [_row(row, asked) for row in json_lines(file) if set(row) >= _NEEDED]
        yield TaskTable(frame_of(rows), _benchmark(file))


def _row(row: Json, asked: Asked) -> dict[str, object]:
    about = row.get("metadata")
    about = about if isinstance(about, Mapping) else {}
    found: dict[str, object] = {
        "example": str(row["problem_idx"]),
        "repeat": str(row.get("repeat", 0)),
        "language": language_in(row, about),
        "score": as_number(row["reward"]),
    }
    category = row.get("category") or about.get("category")
    if category:
        found["domain"] = str(category)
    if asked.with_text:
        asked_for = row.get("prompt") or row.get("expected_answer", "")
        found["text"] = f"{short(asked_for)} → {short(row.get('model_response', ''))}"
    return found


def _benchmark(file: Path) -> str:
    """Return the benchmark's name from the bundle; the folder's where there is none."""
    for bundle in sorted(file.parent.glob("eval-*.json"), reverse=True):
        content = read_json(bundle, what="a bundle of NeMo Evaluator", next_step=_MEND)
        about = content.get("benchmark")
        if isinstance(about, Mapping) and isinstance(about.get("name"), str):
            return str(about["name"])
    return file.resolve().parent.name


NEMO: Final = Reader(
    "NeMo Evaluator",
    "a folder with results.jsonl (nel eval run)",
    _recognises,
    _read,
)
