"""What one bad input is: how it is made, the command that meets it, and what the user is told."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

STUDY = {
    "name": "micro",
    "mixtures": [["qaa", "qab"]],
    "seeds": [0],
    "match": ["language"],
    "model": "micro",
    "precision": "fp32",
    "tasks": ["pos"],
    "tokenizer": {"vocabulary_size": 400},
    "pretraining": {"updates": 2, "rows": 4, "length": 16, "dev_points": 1},
    "finetuning": {"epochs": 1, "rows": 8, "length": 16, "max_examples": 8},
}
RUN = "run study.yaml --data data --out out --launcher inline"
AUDIT = "audit --text data --languages qaa,qab --out out --model micro"
ANYTHING = "…"


def nothing(folder: Path) -> None:
    """Leave the workplace as it is."""


@dataclass(frozen=True)
class Mistake:
    """One kind of bad input.

    Args:
        what: in a few words, for the table of the book.
        command: as typed after `isogloss`, in a folder with `data`, `study.yaml` and, where `done`,
            the finished study `out`.
        says: the message; an ellipsis stands for anything.
        make: makes the mistake in the workplace.
        done: the study `out` is finished already.
        patch: lets the operating system refuse.
        rewrites: pattern of the files that the command may write anew.
    """

    what: str
    command: str
    says: str
    make: Callable[[Path], None] = nothing
    done: bool = False
    patch: Callable[[pytest.MonkeyPatch], None] | None = None
    rewrites: str = "(?!)"

    def is_told_by(self, message: str) -> bool:
        """Return whether the message is the one of the catalogue."""
        pattern = ".*".join(map(re.escape, self.says.split(ANYTHING)))
        return re.fullmatch(pattern, message, re.DOTALL) is not None


def file(name: str, content: str | bytes) -> Callable[[Path], None]:
    """Return what writes a file."""

    def make(folder: Path) -> None:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())

    return make


def gone(*names: str) -> Callable[[Path], None]:
    """Return what removes files."""

    def make(folder: Path) -> None:
        for name in names:
            (folder / name).unlink()

    return make


def study(**changes: object) -> Callable[[Path], None]:
    """Return what writes a study file with some keys changed; None removes one."""
    changed = {**STUDY, **({} if changes.get("tasks", True) else {"finetuning": None}), **changes}
    content = {key: value for key, value in changed.items() if value is not None}
    return file("study.yaml", yaml.safe_dump(content))


def both(*makers: Callable[[Path], None]) -> Callable[[Path], None]:
    """Return what makes several things."""

    def make(folder: Path) -> None:
        for maker in makers:
            maker(folder)

    return make
