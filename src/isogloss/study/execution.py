"""One run: train, evaluate, write. A pure function of the run's description."""

import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import yaml
from torch import nn

from isogloss.core import Language, write_atomically
from isogloss.data import TASKS, EncodedExample, TaskCard, encode_classified, encode_tagged
from isogloss.evaluation import (
    Cell,
    LabelledTest,
    MaskedText,
    PredictionTable,
    evaluate_classification,
    evaluate_masked_lm,
    evaluate_retrieval,
    evaluate_tagging,
    write_predictions,
)
from isogloss.models import (
    MultilingualModel,
    SequenceClassifier,
    TokenClassifier,
    create_model,
    load_model,
)
from isogloss.study.memory import peak_memory_mb, reset_peak_memory
from isogloss.study.planning import text_context
from isogloss.study.prepare import Prepared, open_prepared
from isogloss.study.runs import Run
from isogloss.training import (
    BuildContext,
    Engine,
    LoopSettings,
    TensorBoardLog,
    Training,
    TrainingResult,
    create_engine,
)

DEV_ROWS = 48


@dataclass(frozen=True)
class RunFolder:
    """Where a run keeps its files.

    Attributes:
        path: `OUT/runs/<run_id>`.
    """

    path: Path

    @property
    def model(self) -> Path:
        """The saved model, a Hugging Face folder."""
        return self.path / "model"

    @property
    def result(self) -> Path:
        """Written last: it is there if and only if the run is finished."""
        return self.path / "result.json"

    def is_finished(self) -> bool:
        """Return whether the run need not be repeated."""
        return self.result.is_file()

    def read_result(self) -> dict[str, Any]:
        """Return updates, passes, seconds, memory and rows of each language."""
        return json.loads(self.result.read_text())

    def write_status(self, status: str) -> None:
        """Note in one word how far the run is, for people who look into the folder."""
        write_atomically(self.path / "status", status + "\n")


def run_folder(study: Path, run_id: str) -> RunFolder:
    """Return the folder of a run."""
    return RunFolder(study / "runs" / run_id)


def execute(run: Run, study: Path) -> None:
    """Do one run, or what is left of it; do nothing when it is finished.

    Args:
        run: what to do.
        study: folder of the study; the run it starts from must be finished.

    Raises:
        TrainingError: a loss is not finite.
        InputError: data or files cannot be read or written.
    """
    folder = run_folder(study, run.run_id)
    if folder.is_finished():
        return
    engine = create_engine(run.plan.precision)
    prepared = open_prepared(study)
    is_main = engine.rank == 0
    if is_main:
        write_atomically(
            folder.path / "spec.yaml", yaml.safe_dump(_spec_file(run), sort_keys=False)
        )
        folder.write_status("running")
    reset_peak_memory()
    work = _pretrain if run.stage == "pretrain" else _finetune
    result, predictions = work(run, prepared, engine, folder, study)
    if is_main:
        write_predictions(predictions, folder.path / "predictions.parquet")
        (folder.path / "checkpoint" / "last.safetensors").unlink(missing_ok=True)
        write_atomically(folder.result, json.dumps(_result_file(run, result, engine), indent=1))
        folder.write_status("done")
    engine.wait_for_everyone()


def _spec_file(run: Run) -> dict[str, Any]:
    """Return the content of the run's `spec.yaml`."""
    return {"run_id": run.run_id, "spec_hash": run.spec_hash, **run.describe()}


def _result_file(run: Run, result: TrainingResult, engine: Engine) -> dict[str, Any]:
    """Return the content of the run's `result.json`."""
    names = [str(language) for language in run.plan.languages]
    rows = dict(zip(names, result.rows_by_language, strict=True))
    return {
        "run_id": run.run_id,
        "updates": result.updates,
        "passes": result.passes,
        "wall_s": round(result.wall_s, 3),
        "peak_memory_mb": peak_memory_mb(),
        "rows": rows,
        "tokens": {name: n * run.plan.length for name, n in rows.items()},
        "precision": engine.precision,
        "device": str(engine.device),
        "world_size": engine.world_size,
        "threads": torch.get_num_threads(),
        "finished": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
    }


def _train(
    run: Run,
    model: nn.Module,
    context: BuildContext,
    engine: Engine,
    folder: RunFolder,
    *,
    slots: dict[str, tuple[int, ...]],
    evaluate_dev: Callable[[nn.Module], dict[str, float]] | None = None,
) -> TrainingResult:
    """Run the training loop of one run."""
    training = Training(
        plan=run.plan,
        model=model.to(engine.device),
        context=context,
        engine=engine,
        slots=slots,
        evaluate_dev=evaluate_dev,
        extra_logs=[TensorBoardLog(folder.path)] if run.tensorboard and engine.rank == 0 else [],
    )
    settings = LoopSettings(
        log_every=max(1, min(50, run.plan.updates // 40)),
        dev_every=-(-run.plan.updates // run.dev_points),
        checkpoint_seconds=run.checkpoint_seconds,
    )
    return training.run(folder.path, settings)


def _pretrain(
    run: Run, prepared: Prepared, engine: Engine, folder: RunFolder, study: Path
) -> tuple[TrainingResult, list[PredictionTable]]:
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
            str(language): _masked_lm(run, prepared, model, language, "dev")[1]
            for language in run.plan.languages
        }

    result = _train(
        run,
        model,
        text_context(prepared, run.plan),
        engine,
        folder,
        slots=model.language_specific_names(),
        evaluate_dev=evaluate_dev,
    )
    if engine.rank == 0:
        model.save(folder.model)
    tables = [_masked_lm(run, prepared, model, language, "test")[0] for language in run.targets]
    return result, [*tables, *_retrieval(run, prepared, model)]


def _masked_lm(
    run: Run, prepared: Prepared, model: MultilingualModel, language: Language, split: str
) -> tuple[PredictionTable, float]:
    """Return bits per byte and nats per masked piece; dev text is cut to a few rows."""
    text = MaskedText(
        prepared.corpus(language, split),
        prepared.tokenizer,
        length=run.plan.length,
        max_rows=DEV_ROWS if split == "dev" else None,
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
            prepared.source.pairs(pivot, other, "test"),
            prepared.tokenizer,
            (0, index),
            cell=Cell.of("retrieval", "retrieval_accuracy", pivot, other),
            max_length=run.plan.length,
        )
        for index, other in enumerate(others, start=1)
        if prepared.has_parallel(pivot, other)
    ]


def _finetune(
    run: Run, prepared: Prepared, engine: Engine, folder: RunFolder, study: Path
) -> tuple[TrainingResult, list[PredictionTable]]:
    """Supervised training on the source language, then scores on every target language."""
    assert run.starts_from is not None
    assert run.source_language is not None
    card = TASKS[run.task]
    model = load_model(run_folder(study, run.starts_from).model)
    labels = prepared.labels(run.task)
    head = TokenClassifier if card.form == "token" else SequenceClassifier
    classifier = head(model, len(labels), seed=run.plan.seed)
    if run.language_modules == "frozen":
        for parameter in model.language_specific_parameters().values():
            parameter.requires_grad_(False)
    context = BuildContext(
        run.plan.languages,
        run.plan.rows,
        run.plan.length,
        run.plan.seed,
        prepared.tokenizer,
        {run.source_language: _training_examples(run, prepared, card)},
    )
    slots = {f"model.{name}": slot for name, slot in model.language_specific_names().items()}
    result = _train(run, classifier, context, engine, folder, slots=slots)
    if engine.rank == 0:
        _save_classifier(classifier, labels, folder)
    return result, _test_classifier(run, prepared, card, classifier)


def _test_classifier(
    run: Run, prepared: Prepared, card: TaskCard, classifier: nn.Module
) -> list[PredictionTable]:
    """Return the predictions for the test examples of every target language."""
    assert run.source_language is not None
    test = LabelledTest(prepared.labels(card.name), prepared.tokenizer, run.plan.length)
    tables = []
    for target in run.targets:
        index = run.plan.languages.index(target)
        cell = Cell.of(card.name, card.metric, run.source_language, target)
        if isinstance(classifier, TokenClassifier):
            sentences = prepared.source.tagged(card.kind, target, "test")
            tables.append(evaluate_tagging(classifier, sentences, test, index, cell=cell))
        elif isinstance(classifier, SequenceClassifier):
            texts = prepared.source.classified(card.kind, target, "test")
            tables.append(evaluate_classification(classifier, texts, test, index, cell=cell))
    return tables


def _training_examples(run: Run, prepared: Prepared, card: TaskCard) -> tuple[EncodedExample, ...]:
    """Return the training examples of the source language, as pieces and class numbers."""
    assert run.source_language is not None
    labels, length = prepared.labels(card.name), run.plan.length
    if card.form == "token":
        sentences = prepared.source.tagged(card.kind, run.source_language, "train")
        found = encode_tagged(sentences[: run.max_examples], labels, prepared.tokenizer, length)
    else:
        texts = prepared.source.classified(card.kind, run.source_language, "train")
        found = encode_classified(texts[: run.max_examples], labels, prepared.tokenizer, length)
    return found.examples


def _save_classifier(classifier: nn.Module, labels: list[str], folder: RunFolder) -> None:
    """Keep the head and the labels; the encoder of every fine-tuning would fill the disk."""
    from safetensors.torch import save_file

    head = {
        name: value.contiguous()
        for name, value in classifier.state_dict().items()
        if not name.startswith("model.")
    }
    target = folder.path / "head.safetensors"
    partial = folder.path / f".head.{os.getpid()}"
    save_file(head, partial, metadata={"labels": json.dumps(labels)})
    os.replace(partial, target)
