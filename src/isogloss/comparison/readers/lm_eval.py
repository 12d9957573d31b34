"""lm-evaluation-harness with `--log_samples`: `samples_<task>_<time>.jsonl`.

A line is one example and filter: `doc_id`, `doc`, `target`, `filter`, `metrics` (names), and each
metric under its own name: a number, or a pair that the harness sums over the corpus first.
"""

import math
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
    first_object,
    frame_of,
    json_lines,
    language_in,
    latest,
    short,
    task_in_name,
)

# (log-likelihood in nats, bytes): the only pair that is a corpus score of counts.
_BITS: Final = "bits_per_byte"
_FILES: Final = "samples_*.jsonl"


def _recognises(path: Path) -> bool:
    files = files_of(path, "*.jsonl")
    return any({"doc_id", "doc"} <= set(first_object(one)) for one in files[:3])


def _read(path: Path, asked: Asked) -> Iterator[TaskTable]:
    files, said = latest(files_of(path, _FILES) or files_of(path, "*.jsonl"))
    for place, file in enumerate(files):
        table = _read_task(file, asked)
        notices = [*(said if place == 0 else []), *table.notices]
        yield TaskTable(table.table, table.task, notices)


def _read_task(file: Path, asked: Asked) -> TaskTable:
    rows = list(json_lines(file))
    names = list(dict.fromkeys(name for row in rows for name in _scores(row)))
    name, said = choose(names, _as_written(asked.score, names), file.name)
    kept = [_row(row, name, asked) for row in rows if name in _scores(row)]
    return TaskTable(frame_of(kept), task_in_name(file, "samples_"), said)


def _as_written(score: str | None, names: list[str]) -> str | None:
    """Return the score asked for; a metric without its filter is the first of that name."""
    if score is None or score in names:
        return score
    return next((name for name in names if name.partition(",")[0] == score), score)


def _scores(row: Json) -> dict[str, Any]:
    """Return the metrics of a row that have a value of their own for it."""
    found = {}
    for metric in row.get("metrics") or ():
        value = row.get(metric)
        if isinstance(value, bool | int | float) or (metric == _BITS and _is_pair(value)):
            found[_name(row, metric)] = value
    return found


def _name(row: Json, metric: str) -> str:
    """Return the metric with its filter, as the harness writes it."""
    which = row.get("filter") or "none"
    return metric if which == "none" else f"{metric},{which}"


def _is_pair(value: object) -> bool:
    return isinstance(value, list) and len(value) == 2


def _row(row: Json, name: str, asked: Asked) -> dict[str, object]:
    value = _scores(row)[name]
    found: dict[str, object] = {
        "example": str(row["doc_id"]),
        "language": language_in(row.get("doc")),
    }
    if isinstance(value, list):
        found |= {"bits": -as_number(value[0]) / math.log(2.0), "bytes": as_number(value[1])}
    else:
        found["score"] = as_number(value)
    if asked.with_text:
        found["text"] = f"{_question(row)} → {short(row.get('filtered_resps', ''))}"
    return found


def _question(row: Json) -> str:
    """Return what was asked: the first argument is the prompt, in both layouts."""
    arguments = row.get("arguments")
    first = next(iter(arguments.values()), {}) if isinstance(arguments, Mapping) else arguments
    if isinstance(first, Mapping):
        return short(first.get("arg_0", ""))
    while isinstance(first, list) and first:
        first = first[0]
    return short(first if isinstance(first, str) else row.get("doc", ""))


LM_EVAL: Final = Reader(
    "lm-evaluation-harness",
    "a folder with samples_<task>_<time>.jsonl (lm_eval --log_samples)",
    _recognises,
    _read,
)
