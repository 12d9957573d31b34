"""Labelled examples through a classifier: words with tags, and texts with one label."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from isogloss.core import METRICS, look_up
from isogloss.data import (
    HIDDEN,
    Batch,
    ClassifiedText,
    EncodedExample,
    TaggedSentence,
    Tokenizer,
    encode_classified,
    encode_tagged,
)
from isogloss.evaluation.inference import (
    LanguageIndex,
    batches_by_length,
    inference,
    languages_of,
    padded,
)
from isogloss.evaluation.metrics import answer_counts, span_counts, tag_counts, tag_runs
from isogloss.evaluation.predictions import Cell, PredictionTable

TagCounts = Callable[[Sequence[str], Sequence[str]], list[float]]

# What a metric counts in a sentence, and the tag of a word that was cut off.
_TAG_METRICS: Final[Mapping[str, tuple[TagCounts, str]]] = {
    "entity_f1": (span_counts, "O"),
    "pos_accuracy": (tag_counts, "_"),
    "pos_f1": (partial(span_counts, spans=tag_runs), "_"),
}


@dataclass(frozen=True)
class LabelledTest:
    """How labelled test examples are read: the same for every model of a study.

    Args:
        labels: the classes the classifier knows, in their order. Test labels beyond them are
            counted as missed: a source language may lack a target language's label.
        tokenizer: the model's tokenizer.
        max_length: most positions of an example; words beyond it count as predicted "O", or wrong.
        batch_size: examples at once; the result does not depend on it.
        kind: of the data; sets of questions have metrics of their own.
        sources: of each test example what stands beside it when it is read, in order: its
            translation into the source language. Empty for a classifier that reads examples alone.
        source_index: language index of the sources.
    """

    labels: Sequence[str]
    tokenizer: Tokenizer
    max_length: int = 128
    batch_size: int = 64
    kind: str = ""
    sources: Sequence[Any] = ()
    source_index: int = 0

    def known(self, found: Iterable[str]) -> list[str]:
        """Return the classifier's labels, then those that only the test examples have."""
        return [*self.labels, *sorted(set(found) - set(self.labels))]


def beside(
    rows: Sequence[Sequence[int]], test: LabelledTest, device: torch.device
) -> tuple[Batch, ...]:
    """Return what a classifier is given besides test rows: the batch of their sources, or nothing.

    Args:
        rows: ids of the sources, row by row; none for a classifier that reads examples alone.
        test: gives padding and language.
        device: of the classifier.
    """
    if not rows:
        return ()
    ids, mask = padded(rows, test.tokenizer.pad_id)
    return (Batch(ids, mask, torch.full((len(rows),), test.source_index)).to(device),)


def evaluate_tagging(
    classifier: nn.Module,
    sentences: Sequence[TaggedSentence],
    test: LabelledTest,
    language_index: LanguageIndex,
    *,
    cell: Cell,
) -> PredictionTable:
    """Tag words by their first sub-word and count what the cell's metric counts.

    Args:
        classifier: left as it was.
        sentences: words with gold tags.
        test: how they are encoded and batched.
        language_index: which language's modules the rows run through, or those of each row.
        cell: what the numbers are called; its metric is `entity_f1`, `pos_accuracy` or `pos_f1`.

    Returns:
        Counts of each sentence, and its predicted tags joined by spaces.
    """
    count, missing = look_up(_TAG_METRICS, cell.metric, "metric of tagged sentences")
    known = test.known(tag for sentence in sentences for tag in sentence.tags)
    encoded = encode_tagged(sentences, known, test.tokenizer, test.max_length).examples
    beside = encode_tagged(_untagged(test.sources), known, test.tokenizer, test.max_length)
    classes = _classes(classifier, encoded, test, language_index, beside.examples)
    predicted = [
        [missing if at < 0 else test.labels[int(row[at])] for at in example.word_positions]
        for example, row in zip(encoded, classes, strict=True)
    ]
    counts = [
        count(sentence.tags, tags) for sentence, tags in zip(sentences, predicted, strict=True)
    ]
    return PredictionTable(cell, _array(counts, cell), tuple(" ".join(tags) for tags in predicted))


def scored_again(
    table: PredictionTable, sentences: Sequence[TaggedSentence], metric: str
) -> PredictionTable:
    """Return the same predicted tags, scored by another metric.

    Args:
        table: what `evaluate_tagging` returned for the sentences.
        sentences: words with gold tags.
        metric: of tagged sentences.
    """
    count, _ = look_up(_TAG_METRICS, metric, "metric of tagged sentences")
    predicted = [tags.split() for tags in table.predictions]
    counts = [count(one.tags, tags) for one, tags in zip(sentences, predicted, strict=True)]
    cell = replace(table.cell, metric=metric)
    return PredictionTable(cell, _array(counts, cell), table.predictions)


def evaluate_classification(
    classifier: nn.Module,
    texts: Sequence[ClassifiedText],
    test: LabelledTest,
    language_index: LanguageIndex,
    *,
    cell: Cell,
) -> PredictionTable:
    """Label texts or pairs of texts and count the right labels.

    Args:
        classifier: left as it was.
        texts: texts with gold labels.
        test: how they are encoded and batched.
        language_index: which language's modules the rows run through, or those of each row.
        cell: what the numbers are called; its metric is `accuracy`.

    Returns:
        Counts of each text, and its predicted label.
    """
    known = test.known(text.label for text in texts)
    encoded = encode_classified(texts, known, test.tokenizer, test.max_length).examples
    beside = encode_classified(test.sources, known, test.tokenizer, test.max_length).examples
    classes = _classes(classifier, encoded, test, language_index, beside)
    predicted = tuple(test.labels[int(row)] for row in classes)
    counts = [answer_counts(text.label, name) for text, name in zip(texts, predicted, strict=True)]
    return PredictionTable(cell, _array(counts, cell), predicted)


def _classes(
    classifier: nn.Module,
    examples: Sequence[EncodedExample],
    test: LabelledTest,
    language_index: LanguageIndex,
    sources: Sequence[EncodedExample],
) -> list[NDArray[np.int64]]:
    """Return the most likely class of each position, or of the text, of each example."""
    found: dict[int, NDArray[np.int64]] = {}
    lengths = [len(example.ids) for example in examples]
    with inference(classifier) as device:
        for batch in batches_by_length(lengths, test.batch_size):
            rows = [examples[index].ids for index in batch]
            ids, mask = padded(rows, test.tokenizer.pad_id)
            logits = classifier(
                ids.to(device),
                None if mask is None else mask.to(device),
                languages_of(language_index, batch),
                *beside([sources[index].ids for index in batch if sources], test, device),
            )
            best = logits.argmax(dim=-1).cpu().numpy()
            found.update(zip(batch.tolist(), best, strict=True))
    return [found[index] for index in range(len(examples))]


def _untagged(sentences: Sequence[TaggedSentence]) -> list[TaggedSentence]:
    """Return sentences whose tags nobody asks for."""
    return [replace(one, tags=(HIDDEN,) * len(one.tokens)) for one in sentences]


def _array(counts: list[list[float]], cell: Cell) -> NDArray[np.float64]:
    """Return the counts of all examples, also where there is none, shape [n_examples, k]."""
    return np.array(counts, dtype=np.float64).reshape(-1, len(METRICS[cell.metric].counts))
