"""A study that trains in seconds: a synthetic pair, a two-layer model, six updates a language."""

from pathlib import Path
from typing import Any

from isogloss.core import Language
from isogloss.data import synthesise
from isogloss.data.testbed.recipe import LanguageRecipe, Recipe, SplitSizes
from isogloss.study import Run, StudySpec, parse_spec

BASE, OTHER = Language.parse("qaa"), Language.parse("qab")

CONTENT = {
    "name": "micro",
    "mixtures": [["qaa", "qab"]],
    "seeds": [0, 1],
    "match": ["language"],
    "model": "micro",
    "precision": "fp32",
    "tokenizer": {"vocabulary_size": 400},
    "pretraining": {"updates": 6, "rows": 4, "length": 24, "dev_points": 2},
    "finetuning": {"epochs": 1, "rows": 8, "length": 24, "max_examples": 24},
    "logging": {"checkpoint_seconds": 0},
}


def spec(**changes: Any) -> StudySpec:
    """Return the study with some keys changed."""
    return parse_spec({**CONTENT, **changes}, "toys")


def write_bed(folder: Path, *relations: str) -> Path:
    """Write a small test bed of `base` and the languages that relate to it."""
    languages = tuple(map(LanguageRecipe, ("base", *relations)))
    synthesise(Recipe(languages, sizes=SplitSizes(60, 60, 20, 40)), folder, seed=1, sentences=300)
    return folder


class Watch:
    """A watcher that remembers what it was told."""

    def __init__(self) -> None:
        self.n_planned: list[int] = []
        self.begun: list[str] = []
        self.errors: dict[str, str | None] = {}

    def planned(self, runs: list[Run]) -> None:
        self.n_planned.append(len(runs))

    def started(self, run: Run) -> None:
        self.begun.append(run.run_id)

    def tick(self) -> None: ...

    def ended(self, run: Run, error: str | None) -> None:
        self.errors[run.run_id] = error
