"""Pretraining: masked-LM training of one run."""

from typing import Final

from torch import nn

from isogloss.models import MultilingualModel, create_model
from isogloss.study.plan.pretraining import text_context
from isogloss.study.plan.runs import Run
from isogloss.study.run.scoring import masked_lm
from isogloss.study.run.work import Work, train
from isogloss.study.store.prepared import Prepared
from isogloss.study.store.run_folder import RunFolder
from isogloss.training import Engine, TextSampling

# Rows of a look along the way, spread evenly over the text: its cost must not grow with the corpus.
LOOK_ROWS: Final = 48


def pretrain(run: Run, prepared: Prepared, engine: Engine, folder: RunFolder) -> Work:
    """Masked-LM training, with looks at dev text along the way; the model is kept."""
    model = create_model(
        prepared.body(run.model),
        tokenizer=prepared.tokenizer,
        languages=run.plan.languages,
        modules=run.plan.modules,
        seed=run.plan.seed,
    )

    def evaluate_dev(trained: nn.Module) -> dict[str, float]:
        assert trained is model
        return {
            str(language): masked_lm(run, prepared, model, language, "dev", max_rows=LOOK_ROWS)[1]
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
    facts = {"attention": model.attention, "parameters": _counted(model)}
    return Work(result, [], facts, model)


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
