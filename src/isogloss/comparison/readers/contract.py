"""What a reader of per-example scores is, and what several of them need."""

import json
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pandas as pd

from isogloss.core import InputError, closest

Json = Mapping[str, Any]
_LANGUAGE_KEYS: Final = ("language", "lang", "language_code", "locale")
_TIME: Final = re.compile(r"_(\d{4}-\d{2}-\d{2}T[\d.:-]+)$")
_LONGEST_TEXT: Final = 400


@dataclass(frozen=True)
class Asked:
    """What the user asked of a reader.

    Attributes:
        score: which of several scores of an example; None = the first.
        with_text: whether questions and answers are kept, for the list of changed examples.
    """

    score: str | None = None
    with_text: bool = False


@dataclass(frozen=True)
class TaskTable:
    """The scores of one file.

    Attributes:
        table: as `make_scored` takes it.
        task: of a table without a column of that name.
        notices: what a reader of the comparison must know.
    """

    table: pd.DataFrame
    task: str = ""
    notices: Sequence[str] = field(default=())


@dataclass(frozen=True)
class Reader:
    """One layout of files.

    Attributes:
        name: short, of the harness.
        layout: what its files are, for the message about a file of unknown layout.
        recognises: whether a file, or the files directly in a folder, have this layout.
        read: the scores, a table for each file.
    """

    name: str
    layout: str
    recognises: Callable[[Path], bool]
    read: Callable[[Path, Asked], Iterator[TaskTable]]


def json_lines(path: Path) -> Iterator[Json]:
    """Yield the objects of a JSON Lines file.

    Raises:
        InputError: a line is no JSON object; the message has its number.
    """
    with path.open(encoding="utf-8", errors="replace") as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except ValueError:
                row = None
            if not isinstance(row, dict):
                raise InputError(
                    expected="a JSON object in each line",
                    found=f"`{line.strip()[:60]}`",
                    where=f"{path}, line {number}",
                    next_step="Was the file cut off? Write it anew.",
                )
            yield row


def first_object(path: Path) -> Json:
    """Return the first object of a JSON Lines file; empty where there is none."""
    try:
        return next(json_lines(path), {})
    except (InputError, OSError):
        return {}


def files_of(path: Path, pattern: str) -> list[Path]:
    """Return the file, or the files directly in a folder, whose names match."""
    if path.is_dir():
        return sorted(one for one in path.glob(pattern) if one.is_file())
    return [path] if path.is_file() and path.match(pattern) else []


def latest(files: Sequence[Path]) -> tuple[list[Path], list[str]]:
    """Return the newest file of each task by the time in its name, and a notice for the others."""
    newest: dict[str, Path] = {}
    for path in sorted(files):
        newest[_TIME.sub("", path.stem)] = path
    older = len(files) - len(newest)
    said = [f"{older} older files of the same tasks were left out."] if older else []
    return list(newest.values()), said


def task_in_name(path: Path, before: str) -> str:
    """Return the task in `samples_<task>_<time>.jsonl` and the like."""
    return _TIME.sub("", path.stem).removeprefix(before)


def choose(names: Sequence[str], asked: str | None, where: str) -> tuple[str, list[str]]:
    """Return which score is taken, and a notice where there was a choice.

    Raises:
        InputError: there is none, or not the one asked for.
    """
    if not names:
        raise InputError(
            expected="a score for each example",
            found="none that is a number of its own",
            where=where,
            next_step="Log another metric: some (BLEU, matthews) exist for a whole corpus only.",
        )
    if asked is None:
        others = ", ".join(f"`{name}`" for name in names[1:])
        said = f"{where}: scored by `{names[0]}`; --score takes another of {others}."
        return names[0], [said] if others else []
    if asked not in names:
        near = closest(asked, list(names))
        raise InputError(
            expected=f"--score of {', '.join(names)}",
            found=f"`{asked}`",
            where=where,
            next_step=f"Did you mean `{near}`?" if near else "Name one of them.",
        )
    return asked, []


def as_number(value: object) -> float:
    """Return a score as a number; nan where it is none."""
    if isinstance(value, bool | int | float):
        return float(value)
    return math.nan


def language_in(*places: object) -> str | None:
    """Return the language that an example's own fields name; None where none does."""
    for place in places:
        if isinstance(place, Mapping):
            for key in _LANGUAGE_KEYS:
                if isinstance(place.get(key), str) and place[key]:
                    return str(place[key])
    return None


def short(text: object) -> str:
    """Return a question or an answer, short enough for a table."""
    words = " ".join(str(text).split())
    return words if len(words) <= _LONGEST_TEXT else words[: _LONGEST_TEXT - 1] + "…"


def frame_of(rows: Sequence[Json]) -> pd.DataFrame:
    """Return rows as a table; a column of languages that not every row has is refused later."""
    table = pd.DataFrame(list(rows))
    if "language" in table and table["language"].isna().all():
        table = table.drop(columns="language")
    return table
