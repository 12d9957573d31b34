"""Accuracy: the share of right answers, over words (part-of-speech tags) or over examples."""

from collections.abc import Sequence


def tag_counts(gold: Sequence[str], predicted: Sequence[str]) -> list[float]:
    """Return (correct, total) over the words of one sentence, for `pos_accuracy`.

    Example:
        >>> tag_counts(["NOUN", "VERB"], ["NOUN", "NOUN"])
        [1.0, 2.0]
    """
    correct = sum(first == second for first, second in zip(gold, predicted, strict=True))
    return [float(correct), float(len(gold))]


def answer_counts(gold: str, predicted: str) -> list[float]:
    """Return (correct, total) of one example, for `accuracy`."""
    return [float(gold == predicted), 1.0]
