"""The loss of a classifier on labelled examples, and of a guess that reads no text."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence

import torch
from torch import nn
from torch.nn.functional import cross_entropy

from isogloss.data import EncodedExample
from isogloss.evaluation.inference import batches_by_length, inference, padded


def labelled_nats(
    classifier: nn.Module,
    examples: Sequence[EncodedExample],
    pad_id: int,
    language_index: int,
    *,
    batch_size: int = 64,
) -> float:
    """Return the mean cross-entropy of a label, in nats.

    Args:
        classifier: left as it was.
        examples: at least one with a label; of words that were cut off none is counted.
        pad_id: id of padding.
        language_index: which language's modules the rows run through.
        batch_size: examples at once; the result does not depend on it.
    """
    total, n_labels = 0.0, 0
    with inference(classifier) as device:
        for batch in batches_by_length([len(one.ids) for one in examples], batch_size):
            chosen = [examples[index] for index in batch]
            ids, mask = padded([one.ids for one in chosen], pad_id)
            logits = classifier(
                ids.to(device),
                None if mask is None else mask.to(device),
                torch.full((len(chosen),), language_index),
            )
            labels = _labels(chosen).to(device)
            counted = labels >= 0
            chances = logits.flatten(0, -2)[counted].float()
            total += float(cross_entropy(chances, labels[counted], reduction="sum"))
            n_labels += int(counted.sum())
    return total / n_labels


def _labels(examples: Sequence[EncodedExample]) -> torch.Tensor:
    """Return the labels one after the other, negative where there is none."""
    words = [one.labels for one in examples if not isinstance(one.labels, int)]
    if not words:
        return torch.tensor([one.labels for one in examples])
    return padded(words, -1)[0].flatten()


def chance_nats(learned: Sequence[EncodedExample], examples: Sequence[EncodedExample]) -> float:
    """Return the mean cross-entropy of a label for a guess that reads no text, in nats.

    The guess knows how frequent each class is among the labels that were learned, counted once more
    than they are, so that no class is impossible. Where labels are places of an answer, every
    position of a row is as likely.

    Args:
        learned: examples that a classifier was trained on.
        examples: at least one with a label.

    Example:
        >>> one, two = EncodedExample((1, 2, 3), 0), EncodedExample((1, 2, 3), 1)
        >>> round(chance_nats([one, two], [one]), 3)
        0.693
    """
    if _asks_for_places(examples[0]):
        return sum(math.log(len(one.ids)) for one in examples) / len(examples)
    wanted = [label for one in examples for label in _classes(one)]
    known = [label for one in learned for label in _classes(one)]
    counts = Counter(known) + Counter({*known, *wanted})
    total = counts.total()
    return sum(math.log(total / counts[label]) for label in wanted) / len(wanted)


def _asks_for_places(example: EncodedExample) -> bool:
    return not isinstance(example.labels, int) and len(example.labels) < len(example.ids)


def _classes(example: EncodedExample) -> Iterator[int]:
    """Yield the classes of an example, those of words that are left out excepted."""
    labels = (example.labels,) if isinstance(example.labels, int) else example.labels
    return (label for label in labels if label >= 0)
