"""Pretraining: masked-LM training of one run and the tests of its model."""

from typing import Final

from torch import nn

from isogloss.core import Language
from isogloss.evaluation import (
    Cell,
    MaskedText,
    PredictionTable,
    evaluate_masked_lm,
    evaluate_retrieval,
)
from isogloss.models import MultilingualModel, create_model
from isogloss.study.plan_pretraining import text_context
from isogloss.study.prepare import Prepared
from isogloss.study.run_folder import RunFolder
from isogloss.study.runs import Run
from isogloss.study.work import Work, train
from isogloss.training import Engine, TextSampling

# Rows of a look along the way and of the score at the end, spread evenly over the text: the cost
# of neither must grow with the corpus, and beyond some thousand rows the seeds decide about the
# width of an interval.
LOOK_ROWS: Final = 48
SCORED_ROWS: Final = 4096


def pretrain(run: Run, prepared: Prepared, engine: Engine, folder: RunFolder) -> Work:
    """Masked-LM training, then bits per byte on the test text of every language."""
    model = create_model(
        run.model,
        tokenizer=prepared.tokenizer,
        languages=run.plan.languages,
        modules=run.plan.modules,
        seed=run.plan.seed,
    )

    def evaluate_dev(trained: nn.Module) -> dict[str, float]:
        assert trained is model
        return {
            str(language): _masked_lm(run, prepared, model, language, "dev", max_rows=LOOK_ROWS)[1]
            for language in run.plan.languages
        }

    context = text_context(prepared, run.plan)
    result = train(
        run,
        model,
        context,
        engine,
        folder,
        slots=model.language_specific_names(),
        evaluate_dev=evaluate_dev,
        looks_at=TextSampling(0.0),
    )
    if engine.rank == 0:
        model.save(folder.model)
    tables = [
        _masked_lm(run, prepared, model, language, run.scored_on, max_rows=SCORED_ROWS)[0]
        for language in run.targets
    ]
    facts = {"attention": model.attention, "parameters": _counted(model)}
    return Work(result, [*tables, *_retrieval(run, prepared, model)], facts)


def _counted(model: MultilingualModel) -> list[dict[str, object]]:
    """Return how many shared and language-specific numbers each language uses."""
    return [
        {
            "language": str(row.language),
            "shared": row.shared,
            "language_specific": row.language_specific,
        }
        for row in model.parameter_table()
    ]


def _masked_lm(
    run: Run,
    prepared: Prepared,
    model: MultilingualModel,
    language: Language,
    split: str,
    *,
    max_rows: int,
) -> tuple[PredictionTable, float]:
    """Return bits per byte and nats per masked piece; evenly spread rows of long text."""
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
