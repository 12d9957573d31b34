"""Fine-tuning: supervised training on one language of a task, tests on every language."""

import json
import os

from safetensors.torch import save_file
from torch import nn

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
from isogloss.training import BuildContext, Engine


def finetune(run: Run, prepared: Prepared, engine: Engine, folder: RunFolder) -> Work:
    """Supervised training on the source language, then scores on every target language."""
    assert run.starts_from is not None
    assert run.source_language is not None
    card = TASKS[run.task]
    model = load_model(run_folder(prepared.folder, run.starts_from).model)
    labels = prepared.labels(run.task)
    head = TokenClassifier if card.form == "token" else SequenceClassifier
    classifier = head(model, len(labels), seed=run.plan.seed)
    if run.language_modules == "frozen":
        for parameter in model.language_specific_parameters().values():
            parameter.requires_grad_(False)
    examples = _training_examples(run, prepared, card)
    context = BuildContext(
        run.plan.languages,
        run.plan.rows,
        run.plan.length,
        run.plan.seed,
        prepared.tokenizer,
        {run.source_language: examples.examples},
    )
    slots = {f"model.{name}": slot for name, slot in model.language_specific_names().items()}
    result = train(run, classifier, context, engine, folder, slots=slots)
    if engine.rank == 0:
        _save_classifier(classifier, labels, folder)
    cut = {"n_truncated": examples.n_truncated, "n_words_lost": examples.n_words_lost}
    return Work(result, _test_classifier(run, prepared, card, classifier), cut)


def _test_classifier(
    run: Run, prepared: Prepared, card: TaskCard, classifier: nn.Module
) -> list[PredictionTable]:
    """Return the predictions for the test examples of every target language."""
    assert run.source_language is not None
    test = LabelledTest(prepared.labels(card.name), prepared.tokenizer, run.plan.length)
    tables = []
    for target in run.targets:
        routed = target if run.route == "target" else run.source_language
        index = run.plan.languages.index(routed)
        cell = Cell.of(card.name, card.metric, run.source_language, target)
        if isinstance(classifier, TokenClassifier):
            sentences = prepared.source.tagged(card.kind, target, "test")
            tables.append(evaluate_tagging(classifier, sentences, test, index, cell=cell))
        elif isinstance(classifier, SequenceClassifier):
            texts = prepared.source.classified(card.kind, target, "test")
            tables.append(evaluate_classification(classifier, texts, test, index, cell=cell))
    return tables


def _training_examples(run: Run, prepared: Prepared, card: TaskCard) -> EncodedExamples:
    """Return the training examples of the source language, as pieces and class numbers."""
    assert run.source_language is not None
    labels, length = prepared.labels(card.name), run.plan.length
    if card.form == "token":
        sentences = prepared.source.tagged(card.kind, run.source_language, "train")
        return encode_tagged(sentences[: run.max_examples], labels, prepared.tokenizer, length)
    texts = prepared.source.classified(card.kind, run.source_language, "train")
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
