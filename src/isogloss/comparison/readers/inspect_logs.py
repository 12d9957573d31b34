"""inspect_ai: logs as JSON, `{"eval", "samples": [{"id", "epoch", "scores"}]}`, or zipped, `.eval`.

An `.eval` file is a zip: `header.json` (of an unfinished run `_journal/start.json`, before 2025
`start.json` and `results.json`) and `samples/<id>_epoch_<n>.json`. Its entries are deflated or, in
newer versions, zstd. Answers of several epochs are averaged.
"""

import json
import math
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from zipfile import BadZipFile, ZipFile, ZipInfo, is_zipfile

import pyarrow as pa

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
_HEADERS: Final = ("header.json", "_journal/start.json", "start.json")
# No sample and no log comes near; more is a file that was made to fill the memory.
_MOST_OF_ENTRY: Final = 256 * 2**20
_MOST_OF_LOG: Final = 16 * 2**30
_ZSTD: Final = 93
_LOCAL_HEADER: Final = 30
# A sample also holds every message and event; what is not read is dropped at once.
_READ: Final = ("id", "epoch", "scores", "metadata", "input")


def _recognises(path: Path) -> bool:
    return any(_is_log(one) for one in _files(path)[:3])


def _files(path: Path) -> list[Path]:
    return [*files_of(path, "*.json"), *files_of(path, "*.eval")]


def _is_log(path: Path) -> bool:
    """Return whether a file begins as a log does; its samples may be large."""
    if path.suffix == ".eval":
        return is_zipfile(path)
    with path.open(encoding="utf-8", errors="replace") as file:
        head = file.read(_HEAD)
    return '"eval"' in head and ('"task_id"' in head or '"eval_id"' in head)


def _read(path: Path, asked: Asked) -> Iterator[TaskTable]:
    for file in _files(path):
        if not _is_log(file):
            continue
        if file.suffix == ".eval":
            log = _from_zip(file)
        else:
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


def _from_zip(path: Path) -> Json:
    """Return an `.eval` file as the log that its JSON form is.

    Raises:
        InputError: it is damaged, has no header, or is larger than any log.
    """
    try:
        with ZipFile(path) as archive:
            entries = {one.filename: one for one in archive.infolist()}
            header = next((name for name in _HEADERS if name in entries), None)
            if header is None:
                raise _no_log(path, f"none of {', '.join(_HEADERS)} in it")
            if sum(one.file_size for one in entries.values()) > _MOST_OF_LOG:
                raise _no_log(path, f"more than {_MOST_OF_LOG // 2**30} GiB in it")
            log = _entry(path, archive, entries[header])
            if "results.json" in entries:
                log = {**log, "status": _entry(path, archive, entries["results.json"])["status"]}
            samples = [
                {key: one[key] for key in _READ if key in one}
                for name, info in sorted(entries.items())
                if name.startswith("samples/") and name.count("/") == 1 and name.endswith(".json")
                for one in [_entry(path, archive, info)]
            ]
    except (BadZipFile, OSError, ValueError, KeyError, RecursionError, struct.error) as error:
        raise _no_log(path, f"a damaged file ({error})") from error
    return {"status": "started", **log, "samples": samples}


def _entry(path: Path, archive: ZipFile, info: ZipInfo) -> Json:
    """Return the JSON object of one entry; Python's own reader knows no zstd."""
    if info.compress_type == _ZSTD:
        with path.open("rb") as file:
            file.seek(info.header_offset)
            name, extra = struct.unpack("<HH", file.read(_LOCAL_HEADER)[26:])
            file.seek(info.header_offset + _LOCAL_HEADER + name + extra)
            packed = pa.BufferReader(file.read(min(info.compress_size, _MOST_OF_ENTRY)))
        content = pa.CompressedInputStream(packed, "zstd").read(_MOST_OF_ENTRY + 1)
    else:
        with archive.open(info) as file:
            content = file.read(_MOST_OF_ENTRY + 1)
    if len(content) > _MOST_OF_ENTRY:
        raise _no_log(path, f"{info.filename} of more than {_MOST_OF_ENTRY // 2**20} MiB")
    found = json.loads(content)
    if not isinstance(found, dict):
        raise ValueError(f"{info.filename} is no object")
    return found


def _no_log(path: Path, found: str) -> InputError:
    return InputError(
        expected="a log of inspect_ai (.eval)", found=found, where=str(path), next_step=_MEND
    )


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
    "a log (.eval or JSON), or a folder of them",
    _recognises,
    _read,
)
