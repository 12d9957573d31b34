"""A body that has read synthetic languages for a moment, and matrices of a few updates on it."""

import dataclasses
import shutil
from pathlib import Path
from typing import Any

from isogloss.core import Language
from isogloss.data import encode_corpus, load_tokenizer, open_source, synthesise, train_tokenizer
from isogloss.data.testbed.recipe import LanguageRecipe, Recipe, SplitSizes
from isogloss.models import create_model
from isogloss.training import (
    AdamWSettings,
    BuildContext,
    LoopSettings,
    MaskedLMObjective,
    OptimizerStep,
    PlainEngine,
    TextSampling,
    Training,
    TrainingPlan,
    WeightedSum,
)
from isogloss.transfer import MatrixSpec, parse_matrix
from isogloss.transfer.material import Material, prepare
from isogloss.transfer.matrix import open_cells
from isogloss.transfer.scoring import CellStore

QAA, QAB, QAC = (Language.parse(code) for code in ("qaa", "qab", "qac"))


def write_bed(folder: Path, *relations: str, sentences: int = 300, held_out: int = 60) -> Path:
    """Write a small test bed of `base` and the languages that relate to it."""
    languages = tuple(map(LanguageRecipe, ("base", *relations)))
    sizes = SplitSizes(held_out, 80, 20, 60)
    synthesise(Recipe(languages, sizes=sizes), folder, seed=1, sentences=sentences)
    return folder


def write_body(
    bed: Path, folder: Path, languages: tuple[Language, ...], updates: int, preset: str = "nano"
) -> Path:
    """Write a model that has read some languages of a bed, with its tokenizer beside it."""
    source = open_source(bed)
    every = source.languages("text")
    train_tokenizer(
        {one: source.text(one, "train") for one in every},
        folder / "model",
        kind="bpe",
        vocabulary_size=600,
        exponent=0.7,
        max_bytes=10**7,
    )
    tokenizer = load_tokenizer(folder / "model")
    plan = TrainingPlan(
        languages=languages,
        updates=updates,
        rows=16,
        length=24,
        seed=1,
        sampler=TextSampling(0.0),
        modules=(),
        objective=MaskedLMObjective(0.3),
        combine=WeightedSum(),
        step=OptimizerStep(AdamWSettings(learning_rate=4e-3)),
        precision="fp32",
    )
    corpora = {
        one: encode_corpus(source.text(one, "train"), tokenizer, folder / f"{one}.bin")
        for one in languages
    }
    model = create_model(preset, tokenizer=tokenizer, languages=languages, seed=1)
    context = BuildContext(languages, plan.rows, plan.length, plan.seed, tokenizer, corpora)
    Training(plan, model, context, PlainEngine("fp32")).run(folder / "run", LoopSettings())
    model.save(folder / "model")
    shutil.rmtree(folder / "run")
    return folder / "model"


def content(body: Path, **changes: Any) -> dict[str, Any]:
    """Return a matrix of three languages that takes seconds, with some keys changed."""
    unit = {"updates": 4, "rows": 4, "length": 24}
    task = {"epochs": 1, "rows": 16, "length": 32, "max_examples": 40}
    plain = {
        "model": str(body),
        "transfer_languages": ["qaa", "qab", "qac"],
        "tasks": ["pos"],
        "runs": 2,
        "most_runs": 2,
        "test_examples": 50,
        "unit": unit,
        "task": task,
    }
    if changes.get("method", "adapters") != "adapters":
        plain["unit"] = {"rows": 4, "length": 24}
    if changes.get("tasks") == ["masked_lm"]:
        del plain["task"]
    return {**plain, **changes}


def spec(body: Path, **changes: Any) -> MatrixSpec:
    """Return it checked."""
    return parse_matrix(content(body, **changes), "toys")


def material_of(one: MatrixSpec, bed: Path, folder: Path) -> Material:
    """Return the material of a matrix."""
    return prepare(one, str(bed), folder)


def cells_of(one: MatrixSpec, bed: Path, folder: Path) -> CellStore:
    """Return the stores of a matrix, in fp32."""
    cells = open_cells(material_of(one, bed, folder))
    engine = PlainEngine("fp32")
    return CellStore(
        dataclasses.replace(cells.units, engine=engine),
        dataclasses.replace(cells.tasks, engine=engine),
    )
