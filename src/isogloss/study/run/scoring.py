"""Scores of a pretrained model: masked LM in every language, retrieval of translations."""

from typing import Final

from isogloss.core import Language
from isogloss.evaluation import (
    Cell,
    MaskedText,
    PredictionTable,
    evaluate_masked_lm,
    evaluate_retrieval,
)
from isogloss.models import MultilingualModel, load_model
from isogloss.study.plan.runs import Run
from isogloss.study.run.work import Work
from isogloss.study.store.prepared import Prepared
from isogloss.study.store.run_folder import RunFolder, run_folder
from isogloss.training import Engine

# Rows of a score, spread evenly over the text: its cost must not grow with the corpus, and beyond
# some thousand rows the seeds decide about the width of an interval.
SCORED_ROWS: Final = 4096


def score(run: Run, prepared: Prepared, engine: Engine, folder: RunFolder) -> Work:
    """Bits per byte on held-out text of every language; retrieval where there are translations."""
    assert run.starts_from is not None
    del folder  # what comes out is predictions alone
    model = load_model(run_folder(prepared.folder, run.starts_from).model).to(engine.device)
    tables = [
        masked_lm(run, prepared, model, language, run.scored_on, max_rows=SCORED_ROWS)[0]
        for language in run.targets
        if run.masked_lm
    ]
    return Work(None, [*tables, *_retrieval(run, prepared, model)], model=model)


def masked_lm(
    run: Run,
    prepared: Prepared,
    model: MultilingualModel,
    language: Language,
    split: str,
    *,
    max_rows: int,
) -> tuple[PredictionTable, float]:
    """Return bits per byte and nats per masked token; evenly spread sequences of long text."""
    text = MaskedText(
        prepared.corpus(language, split),
        prepared.tokenizer,
        length=run.plan.length,
        max_rows=max_rows,
    )
    index = run.plan.languages.index(language)
    cell = Cell.of("masked_lm", "bits_per_byte", language, language)
    found = evaluate_masked_lm(model, text, index, cell=cell)
    return found.predictions, found.nats


def _retrieval(run: Run, prepared: Prepared, model: MultilingualModel) -> list[PredictionTable]:
    """Return how often translations find one another, pivot against each other language."""
    pivot, *others = run.plan.languages
    return [
        evaluate_retrieval(
            model,
            prepared.source.pairs(pivot, other, run.scored_on),
            prepared.tokenizer,
            (0, index),
            cell=Cell.of("retrieval", "retrieval_accuracy", pivot, other),
            max_length=run.plan.length,
        )
        for index, other in enumerate(others, start=1)
        if prepared.has_parallel(pivot, other, run.scored_on)
    ]
