"""A study that trains in seconds: a synthetic pair, a two-layer model, six updates a language."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from isogloss.core import Language
from isogloss.data import synthesise
from isogloss.data.testbed.recipe import LanguageRecipe, Recipe, SplitSizes
from isogloss.evaluation import Cell
from isogloss.study import Run, StudyPlan, StudySpec, parse_spec
from isogloss.study.results.outcomes import Counts, Outcome, Outcomes
from isogloss.training import describe

BASE, OTHER = Language.parse("qaa"), Language.parse("qab")
PAIR, THIRD = (BASE, OTHER), Language.parse("qac")

CONTENT = {
    "name": "micro",
    "mixtures": [["qaa", "qab"]],
    "seeds": [0, 1],
    "match": ["language"],
    "model": "micro",
    "precision": "fp32",
    "tokenizer": {"vocabulary_size": 400},
    "pretraining": {"updates": 6, "rows": 4, "length": 24, "dev_points": 2},
    "logging": {"checkpoint_seconds": 0},
}
FINETUNING = {"epochs": 1, "rows": 8, "length": 24, "max_examples": 24}


def content(**changes: Any) -> dict[str, Any]:
    """Return the study file with some keys changed, without what such a study does not read."""
    changed = {**CONTENT, **changes}
    if "/" in changed["model"] and "tokenizer" not in changes:
        del changed["tokenizer"]
    return {"finetuning": FINETUNING, **changed} if changed.get("tasks") else changed


def spec(**changes: Any) -> StudySpec:
    """Return the study with some keys changed."""
    return parse_spec(content(**changes), "toys")


def write_bed(folder: Path, *relations: str) -> Path:
    """Write a small test bed of `base` and the languages that relate to it."""
    languages = tuple(map(LanguageRecipe, ("base", *relations)))
    synthesise(Recipe(languages, sizes=SplitSizes(60, 60, 20, 40)), folder, seed=1, sentences=300)
    return folder


def write_questions(bed: Path) -> None:
    """Write questions about the lines of a bed's text: three words are given, the next is asked."""
    (bed / "qa").mkdir()
    for path in sorted((bed / "text").iterdir()):
        lines = path.read_text(encoding="utf-8").splitlines()[:60]
        contexts = [" ".join(lines[place : place + 2]) for place in range(0, len(lines) - 1, 2)]
        paragraphs = []
        for number, context in enumerate(dict.fromkeys(contexts)):
            first, second, third, answer, *_ = context.split()
            start = context.index(f" {third} {answer}") + len(third) + 2
            answers = [{"text": answer, "answer_start": start}]
            asked = {"id": str(number), "question": f"{first} {second} {third}", "answers": answers}
            paragraphs.append({"context": context, "qas": [asked]})
        content = json.dumps({"version": "1.1", "data": [{"paragraphs": paragraphs}]})
        (bed / "qa" / f"{path.stem}.json").write_text(content, encoding="utf-8")


class Watch:
    """A watcher that remembers what it was told."""

    def __init__(self) -> None:
        self.warnings: list[str] = []
        self.n_planned: list[int] = []
        self.begun: list[str] = []
        self.errors: dict[str, str | None] = {}

    def warned(self, texts: Sequence[str]) -> None:
        assert not (texts and self.begun), "warnings come before the first training"
        self.warnings += texts

    def planned(self, runs: list[Run], ahead: Sequence[tuple[Run, float]]) -> None:
        self.n_planned.append(len(runs))

    def started(self, run: Run) -> None:
        self.begun.append(run.run_id)

    def tick(self) -> None: ...

    def ended(self, run: Run, error: str | None) -> None:
        self.errors[run.run_id] = error


def outcomes(
    plan: StudyPlan,
    score: Callable[[Run, Cell], float],
    rows: Callable[[Run], dict[str, int]] | None = None,
) -> Outcomes:
    """Return finished runs that nobody trained: 300 test examples, right with a given chance.

    Args:
        plan: whose runs these are.
        score: chance of a right answer, or bits per byte.
        rows: of each language, where not the same number.
    """
    by_run = {}
    for run_id, run in plan.runs.items():
        shared = run.plan.updates * run.plan.rows // len(run.plan.languages)
        drawn = rows(run) if rows else {str(one): shared for one in run.plan.languages}
        result = {
            "updates": run.plan.updates,
            "passes": float(run.plan.updates),
            "wall_s": 1.5,
            "peak_memory_mb": 200.0,
            "rows": drawn,
            "tokens": {name: n * run.plan.length for name, n in drawn.items()},
        }
        counts = {cell: _counts(run, cell, score(run, cell)) for cell in cells_of(run)}
        by_run[run_id] = Outcome(run, result, counts)
    return Outcomes(plan.roles, by_run, plan.treated)


def cells_of(run: Run) -> list[Cell]:
    """Return what a run is tested on."""
    if run.stage == "pretrain":
        return []
    if run.source_language is None:
        return [Cell.of("masked_lm", "bits_per_byte", one, one) for one in run.targets]
    source = run.source_language
    return [
        Cell.of(run.task, "pos_accuracy", one if one in run.learned else source, one)
        for one in run.targets
    ]


def _counts(run: Run, cell: Cell, score: float) -> Counts:
    """Draw 300 examples from what the run is, not from its address, which changes with the code."""
    plan = run.plan
    names = [str(one) for one in (*plan.languages, cell.source_language, cell.target_language)]
    what = (names, cell.task, plan.updates, describe(plan.sampler), len(plan.modules), plan.seed)
    drawn = np.random.default_rng(list(str(what).encode())).random(300)
    if cell.metric == "bits_per_byte":
        return np.stack([100 * (score + 0.02 * drawn), np.full(300, 100.0)], axis=1)
    return np.stack([drawn < score, np.ones(300)], axis=1).astype(float)
