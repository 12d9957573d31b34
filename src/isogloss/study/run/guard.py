"""A checkpoint and what training made of it, measured alike."""

from typing import Any, Final

from isogloss.diagnosis import Standing, destroyed
from isogloss.evaluation import Cell, evaluate_retrieval
from isogloss.models import MultilingualModel
from isogloss.study.plan.runs import Run
from isogloss.study.store.prepared import Prepared
from isogloss.study.store.run_folder import RunFolder, run_folder
from isogloss.training import dev_curve

# Enough for a rule that asks for a half.
PAIRS: Final = 200


def standing(
    run: Run, prepared: Prepared, folder: RunFolder, model: MultilingualModel
) -> dict[str, Any]:
    """Return the last dev losses of a run, and what its model retrieves, as plain data."""
    curve = dev_curve(folder.path)
    return {
        "nats": curve[-1] if curve else {},
        "retrieval": {
            f"{first}~{second}": _retrieval(run, prepared, model, (first, second, split))
            for first, second, split in run.translations
        },
    }


def guarded(
    run: Run, prepared: Prepared, folder: RunFolder, model: MultilingualModel
) -> dict[str, Any]:
    """Return what a training made of the checkpoint that it started from.

    Returns:
        `start` and `end`, each as `standing` returns it, on the same text; and `destroyed`. Nothing
        of a model from scratch, or where nothing was trained.
    """
    if run.starts_from is None or run.updates == 0:
        return {}
    start = run_folder(prepared.folder, run.starts_from).read_result()["guard"]
    end = standing(run, prepared, folder, model)
    before, after = Standing(**start), Standing(**end)
    before = before.over(after)
    return {
        "start": {"nats": dict(before.nats), "retrieval": dict(before.retrieval)},
        "end": end,
        "destroyed": destroyed(before, after),
    }


def _retrieval(
    run: Run, prepared: Prepared, model: MultilingualModel, pair: tuple[Any, Any, str]
) -> float:
    """Return the share of translations that are found, in both directions."""
    first, second, split = pair
    known = run.plan.languages
    # A language that the training did not read goes through a model without modules of languages.
    indices = [known.index(one) if one in known else 0 for one in (first, second)]
    table = evaluate_retrieval(
        model,
        prepared.source.pairs(first, second, split)[:PAIRS],
        prepared.tokenizer,
        (indices[0], indices[1]),
        cell=Cell.of("retrieval", "retrieval_accuracy", first, second),
        max_length=run.plan.length,
    )
    right, total = table.counts.sum(axis=0)
    return float(right / total)
