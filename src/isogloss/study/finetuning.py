"""Fine-tuning: supervised training on a language of a task or several, tests on every language."""

import dataclasses
import json
import os
from collections.abc import Callable
from typing import Final

import torch
from safetensors.torch import save_file
from torch import nn

from isogloss.core import Language
from isogloss.data import TASKS, EncodedExamples, TaskCard, encode_classified, encode_tagged
from isogloss.evaluation import (
    Cell,
    LabelledTest,
    PredictionTable,
    evaluate_classification,
    evaluate_tagging,
)
from isogloss.models import SequenceClassifier, TokenClassifier, load_model
from isogloss.study.prepare import Prepared
from isogloss.study.run_folder import RunFolder, run_folder
from isogloss.study.runs import Run
from isogloss.study.work import Work, train
from isogloss.training import BuildContext, Engine, TaskSampling

# Dev examples a language: enough to choose a setting by, and cheap beside the training.
DEV_EXAMPLES: Final = 200


def finetune(run: Run, prepared: Prepared, engine: Engine, folder: RunFolder) -> Work:
    """Supervised training on the source languages, then scores on every target language."""
    assert run.starts_from is not None
    card = TASKS[run.task]
    model = load_model(run_folder(prepared.folder, run.starts_from).model)
    labels = prepared.labels(run.task)
    head = TokenClassifier if card.form == "token" else SequenceClassifier
    classifier = head(model, len(labels), seed=run.plan.seed)
    if run.language_modules == "frozen":
        for parameter in model.language_specific_parameters().values():
            parameter.requires_grad_(False)
    examples = {one: _examples(run, prepared, card, one, "train") for one in run.learns_from}
    context = BuildContext(
        run.plan.languages,
        run.plan.rows,
        run.plan.length,
        run.plan.seed,
        prepared.tokenizer,
        {language: found.examples for language, found in examples.items()},
    )
    slots = {f"model.{name}": slot for name, slot in model.language_specific_names().items()}
    result = train(
        run,
        classifier,
        context,
        engine,
        folder,
        slots=slots,
        evaluate_dev=_dev_losses(run, prepared, context, engine) if run.sources else None,
    )
    if engine.rank == 0:
        _save_classifier(classifier, labels, folder)
    cut = {
        "n_truncated": sum(found.n_truncated for found in examples.values()),
        "n_words_lost": sum(found.n_words_lost for found in examples.values()),
    }
    return Work(result, _test_classifier(run, prepared, card, classifier), cut)


def _test_classifier(
    run: Run, prepared: Prepared, card: TaskCard, classifier: nn.Module
) -> list[PredictionTable]:
    """Return the predictions for the test examples of every target language."""
    test = LabelledTest(prepared.labels(card.name), prepared.tokenizer, run.plan.length)
    tables = []
    for target in run.targets:
        # Where the model learned from several other languages, the first of them stands for all.
        source = target if target in run.learns_from else run.learns_from[0]
        index = run.plan.languages.index(target if run.route == "target" else source)
        cell = Cell.of(card.name, card.metric, source, target)
        if isinstance(classifier, TokenClassifier):
            sentences = prepared.source.tagged(card.kind, target, "test")
            tables.append(evaluate_tagging(classifier, sentences, test, index, cell=cell))
        elif isinstance(classifier, SequenceClassifier):
            texts = prepared.source.classified(card.kind, target, "test")
            tables.append(evaluate_classification(classifier, texts, test, index, cell=cell))
    return tables


def _dev_losses(
    run: Run, prepared: Prepared, context: BuildContext, engine: Engine
) -> Callable[[nn.Module], dict[str, float]]:
    """Return what measures the loss on dev examples of every language that is learned from."""
    card = TASKS[run.task]
    examples = {
        one: _examples(run, prepared, card, one, "dev").examples[:DEV_EXAMPLES]
        for one in run.sources
        if prepared.n_examples(run.task, one, "dev") > 0
    }
    objective = run.plan.objective.build(context)

    def losses(classifier: nn.Module) -> dict[str, float]:
        classifier.eval()
        found = {}
        for language, group in examples.items():
            alone = dataclasses.replace(context, material={language: group})
            sampler = TaskSampling(1).build(alone)
            total, count = 0.0, 0.0
            for number in range(-(-len(group) // context.rows)):
                targets = objective.prepare(sampler.batch(number), number).to(engine.device)
                with torch.no_grad(), engine.autocast():
                    batch = objective.losses(classifier, targets)
                total, count = total + float(batch.total.sum()), count + float(batch.count.sum())
            found[str(language)] = total / count
        return found

    return losses


def _examples(
    run: Run, prepared: Prepared, card: TaskCard, language: Language, split: str
) -> EncodedExamples:
    """Return the examples of a language, as pieces and class numbers."""
    labels, length = prepared.labels(card.name), run.plan.length
    if card.form == "token":
        sentences = prepared.source.tagged(card.kind, language, split)
        return encode_tagged(sentences[: run.max_examples], labels, prepared.tokenizer, length)
    texts = prepared.source.classified(card.kind, language, split)
    return encode_classified(texts[: run.max_examples], labels, prepared.tokenizer, length)


def _save_classifier(classifier: nn.Module, labels: list[str], folder: RunFolder) -> None:
    """Keep the head and the labels; the encoder of every fine-tuning would fill the disk."""
    head = {
        name: value.contiguous()
        for name, value in classifier.state_dict().items()
        if not name.startswith("model.")
    }
    target = folder.path / "head.safetensors"
    partial = folder.path / f".head.{os.getpid()}"
    save_file(head, partial, metadata={"labels": json.dumps(labels)})
    os.replace(partial, target)
