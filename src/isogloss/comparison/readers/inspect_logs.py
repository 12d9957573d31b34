"""inspect_ai: logs as JSON, `{"eval": ..., "samples": [{"id", "epoch", "scores": ...}]}`.

Answers of several epochs are averaged.
"""

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from isogloss.comparison.readers.contract import (
    Asked,
    Json,
    Reader,
    TaskTable,
    choose,
    files_of,
    frame_of,
    language_in,
    short,
)
from isogloss.core import InputError, read_json

# As inspect_ai's own `value_to_float`.
_VALUES: Final = {
    "C": 1.0,
    "P": 0.5,
    "I": 0.0,
    "N": 0.0,
    "yes": 1.0,
    "true": 1.0,
    "no": 0.0,
    "false": 0.0,
}
_HEAD: Final = 65_536
_MEND: Final = "Write it anew: `inspect log convert --to json`."


def _recognises(path: Path) -> bool:
    return any(_is_log(one) for one in files_of(path, "*.json")[:3])


def _is_log(path: Path) -> bool:
    """Return whether a file begins as a log does; its samples may be large."""
    with path.open(encoding="utf-8", errors="replace") as file:
        head = file.read(_HEAD)
    return '"eval"' in head and ('"task_id"' in head or '"eval_id"' in head)


def _read(path: Path, asked: Asked) -> Iterator[TaskTable]:
    for file in files_of(path, "*.json"):
        if not _is_log(file):
            continue
        log = read_json(file, what="a log of inspect_ai", next_step=_MEND)
        samples = log.get("samples")
        if not isinstance(samples, list) or not samples:
            raise InputError(
                expected="a log with samples",
                found="none",
                where=str(file),
                next_step="Run `inspect eval` with --log-samples, or give a finished log.",
            )
        yield _table(log, samples, file, asked)


def _table(log: Json, samples: list[Json], file: Path, asked: Asked) -> TaskTable:
    scorers = dict.fromkeys(
        name
        for sample in samples
        for name, score in (sample.get("scores") or {}).items()
        if not isinstance(score.get("value"), list | dict)
    )
    name, said = choose(list(scorers), asked.score, file.name)
    if log.get("status") != "success":
        said.append(f"{file.name}: the run ended with status `{log.get('status')}`.")
    about = log.get("eval") or {}
    arguments = about.get("task_args")
    rows = [_row(sample, name, arguments, asked) for sample in samples]
    return TaskTable(frame_of(rows), str(about.get("task", file.stem)), said)


def _row(sample: Json, name: str, arguments: object, asked: Asked) -> dict[str, object]:
    score = (sample.get("scores") or {}).get(name) or {}
    found: dict[str, object] = {
        "example": str(sample["id"]),
        "repeat": str(sample.get("epoch", 1)),
        "language": language_in(sample.get("metadata"), arguments),
        "score": _as_float(score.get("value")),
    }
    if asked.with_text:
        question = sample.get("input")
        plain = question if isinstance(question, str) else json.dumps(question, ensure_ascii=False)
        found["text"] = f"{short(plain)} → {short(score.get('answer', ''))}"
    return found


def _as_float(value: object) -> float:
    if isinstance(value, bool | int | float):
        return float(value)
    if not isinstance(value, str):
        return math.nan
    known = _VALUES.get(value, _VALUES.get(value.lower()))
    if known is not None:
        return known
    try:
        return float(value)
    except ValueError:
        return math.nan


INSPECT: Final = Reader(
    "inspect_ai",
    "a log as JSON, or a folder of them (inspect eval --log-format json)",
    _recognises,
    _read,
)
