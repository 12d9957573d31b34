"""The start of a study from a checkpoint: its masked-LM head trained alone, and all measured."""

from isogloss.models import create_model
from isogloss.study.plan.pretraining import text_context
from isogloss.study.plan.runs import Run
from isogloss.study.run.guard import standing
from isogloss.study.run.pretraining import dev_losses
from isogloss.study.run.work import Work, train
from isogloss.study.store.prepared import Prepared
from isogloss.study.store.run_folder import RunFolder
from isogloss.training import Engine, TextSampling


def start(run: Run, prepared: Prepared, engine: Engine, folder: RunFolder) -> Work:
    """Train the head with the encoder frozen, for none or more updates; the model is kept."""
    model = create_model(
        prepared.body(run.model),
        tokenizer=prepared.tokenizer,
        languages=run.plan.languages,
        seed=run.plan.seed,
    )
    model.requires_grad_(False)
    for parameter in model.attachment.head_parameters(model.backbone):
        parameter.requires_grad_(True)
    result = train(
        run,
        model,
        text_context(prepared, run.plan),
        engine,
        folder,
        slots={},
        evaluate_dev=dev_losses(run, prepared, model),
        looks_at=TextSampling(0.0),
    )
    if engine.rank == 0:
        model.save(folder.model)
    return Work(result, [], {"guard": standing(run, prepared, folder, model)}, model)
