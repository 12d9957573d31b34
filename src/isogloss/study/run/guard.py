"""A checkpoint and what training made of it, measured alike."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any, Final

from isogloss.data import EncodedExample
from isogloss.diagnosis import Standing, TaskStanding, destroyed, destroyed_by_task
from isogloss.evaluation import Cell, chance_nats, evaluate_retrieval
from isogloss.models import PRESETS, MultilingualModel
from isogloss.study.plan.runs import Run, Translations
from isogloss.study.store.prepared import Prepared
from isogloss.study.store.run_folder import RunFolder, run_folder
from isogloss.training import dev_curve

# Enough for a rule that asks for a half.
PAIRS: Final = 200
# Fine-tunings are many and short: each is held against its start on fewer, of every pair.
FEW_PAIRS: Final = 40
EXAMPLES: Final = 100


def standing(
    run: Run, prepared: Prepared, folder: RunFolder, model: MultilingualModel
) -> dict[str, Any]:
    """Return the last dev losses of a run, and what its model retrieves, as plain data."""
    curve = dev_curve(folder.path)
    return {
        "nats": curve[-1] if curve else {},
        "retrieval": retrieved(run, prepared, model),
    }


def retrieved(
    run: Run, prepared: Prepared, model: MultilingualModel, n_pairs: int = PAIRS
) -> dict[str, float]:
    """Return the share of translations that an encoder finds, by pair of languages."""
    return {
        f"{pair[0]}~{pair[1]}": _retrieval(run, prepared, model, pair, n_pairs)
        for pair in run.translations
    }


def guarded(
    run: Run, prepared: Prepared, folder: RunFolder, model: MultilingualModel
) -> dict[str, Any]:
    """Return what a training made of the checkpoint that it started from.

    Returns:
        `start` and `end`, each as `standing` returns it, on the same text; and `destroyed`. Also
        `few`, what the model retrieves of a few translations, for the fine-tunings that start from
        it; that alone where nothing was trained. Nothing of a model from scratch.
    """
    if run.model in PRESETS:
        return {}
    few = {"few": retrieved(run, prepared, model, FEW_PAIRS)}
    if run.starts_from is None or run.updates == 0:
        return few
    start = run_folder(prepared.folder, run.starts_from).read_result()["guard"]
    end = standing(run, prepared, folder, model)
    before, after = Standing(**start), Standing(**end)
    before = before.over(after)
    return {
        "start": {"nats": dict(before.nats), "retrieval": dict(before.retrieval)},
        "end": end,
        "destroyed": destroyed(before, after),
        **few,
    }


def guarded_task(
    run: Run,
    prepared: Prepared,
    folder: RunFolder,
    model: MultilingualModel,
    *,
    examples: Mapping[str, Mapping[str, Sequence[EncodedExample]]],
    loss: Callable[[str, Sequence[EncodedExample]], float],
) -> dict[str, Any]:
    """Return what a fine-tuning made of the checkpoint that it started from.

    Args:
        run: a fine-tuning.
        prepared: material of the study.
        folder: of the run; a joint one has its last dev losses there.
        model: the encoder after it.
        examples: encoded examples of each language, of the splits "train" and "dev".
        loss: language and examples -> mean nats of a label.

    Returns:
        `start` (what the checkpoint retrieved), `end` (a `TaskStanding`) and `destroyed`; nothing
        of a model from scratch, or where nothing was trained.
    """
    if run.model in PRESETS or run.updates == 0:
        return {}
    assert run.starts_from is not None
    guard = run_folder(prepared.folder, run.starts_from).read_result().get("guard", {})
    start: dict[str, float] = guard.get("few", {})
    learned = examples["train"]

    def against_chance(rows: Mapping[str, Sequence[EncodedExample]]) -> dict[str, float]:
        return {one: chance_nats(learned[one], some) for one, some in rows.items()}

    curve = dev_curve(folder.path)
    dev = examples["dev"] if curve else _some(examples["dev"])
    nats = curve[-1] if curve else {one: loss(one, rows) for one, rows in dev.items()}
    few = retrieved(run, prepared, model, FEW_PAIRS)
    end = TaskStanding(nats, against_chance(dev), {}, {}, few)
    if not end.learned:
        own = _some(learned)
        known = {one: loss(one, rows) for one, rows in own.items()}
        end = replace(end, train=known, train_chance=against_chance(own))
    return {
        "start": {"retrieval": start},
        "end": asdict(end),
        "destroyed": destroyed_by_task(start, end),
    }


def _some(
    examples: Mapping[str, Sequence[EncodedExample]],
) -> dict[str, Sequence[EncodedExample]]:
    """Return the first examples of each language."""
    return {one: rows[:EXAMPLES] for one, rows in examples.items()}


def _retrieval(
    run: Run, prepared: Prepared, model: MultilingualModel, pair: Translations, n_pairs: int
) -> float:
    """Return the share of some translations that are found, in both directions."""
    first, second, split = pair
    known = run.plan.languages
    # A language that the training did not read goes through a model without modules of languages.
    indices = [known.index(one) if one in known else 0 for one in (first, second)]
    table = evaluate_retrieval(
        model,
        prepared.source.pairs(first, second, split)[:n_pairs],
        prepared.tokenizer,
        (indices[0], indices[1]),
        cell=Cell.of("retrieval", "retrieval_accuracy", first, second),
        max_length=run.plan.length,
    )
    right, total = table.counts.sum(axis=0)
    return float(right / total)
