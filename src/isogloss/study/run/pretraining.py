"""Pretraining: masked-LM training of one run."""

from collections.abc import Callable
from typing import Final

from torch import nn

from isogloss.models import MultilingualModel, create_model
from isogloss.study.plan.pretraining import text_context
from isogloss.study.plan.runs import Run
from isogloss.study.run.guard import guarded
from isogloss.study.run.scoring import masked_lm
from isogloss.study.run.work import Work, train
from isogloss.study.store.prepared import Prepared
from isogloss.study.store.run_folder import RunFolder, run_folder
from isogloss.training import Engine, TextSampling

# Sequences of an evaluation along the way, spread evenly over the text: its cost must not grow
# with the corpus.
LOOK_ROWS: Final = 48


def pretrain(run: Run, prepared: Prepared, engine: Engine, folder: RunFolder) -> Work:
    """Masked-LM training, with evaluations on dev text along the way; the model is kept."""
    source = prepared.body(run.model)
    if run.starts_from is not None:
        source = run_folder(prepared.folder, run.starts_from).model
    model = create_model(
        source,
        tokenizer=prepared.tokenizer,
        languages=run.plan.languages,
        modules=run.plan.modules,
        seed=run.plan.seed,
    )

    context = text_context(prepared, run.plan)
    result = train(
        run,
        model,
        context,
        engine,
        folder,
        slots=model.language_specific_names(),
        evaluate_dev=dev_losses(run, prepared, model) if run.masked_lm else None,
        looks_at=TextSampling(0.0),
    )
    if engine.rank == 0:
        model.save(folder.model)
    facts = {"attention": model.attention, "parameters": _counted(model)}
    guard = guarded(run, prepared, folder, model)
    return Work(result, [], {**facts, **({"guard": guard} if guard else {})}, model)


def dev_losses(
    run: Run, prepared: Prepared, model: MultilingualModel
) -> Callable[[nn.Module], dict[str, float]]:
    """Return what measures the masked-LM loss on dev text of each language of a run."""

    def evaluate(trained: nn.Module) -> dict[str, float]:
        assert trained is model
        return {
            str(language): masked_lm(run, prepared, model, language, "dev", max_rows=LOOK_ROWS)[1]
            for language in run.plan.languages
        }

    return evaluate


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
