"""Metrics as functions of summed per-example counts, and the one definition of interference.

Every metric is `value(sum over examples of counts)`. Resampling the examples therefore needs no
second pass over predictions: the bootstrap and the randomisation test add rows of counts.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Metric:
    """One metric.

    Attributes:
        name: key in records, for example `entity_f1`.
        label: words for the report.
        higher_is_better: False for `bits_per_byte`.
        counts: names of the per-example counts, in order.
        unit: "fraction" (shown x100 as points), "bits", or "score" (shown as it is).
        smallest_effect: a difference below this is of no practical interest; in the metric's unit,
            or relative to the reference when `relative`.
        relative: whether `smallest_effect` is a share of the reference's value.
        value: maps summed counts, shape [..., k], to scores, shape [...].
    """

    name: str
    label: str
    higher_is_better: bool
    counts: tuple[str, ...]
    unit: str
    smallest_effect: float
    relative: bool
    value: Callable[[Array], Array]


def _ratio(counts: Array) -> Array:
    """First count over second; 0 where the second is 0."""
    numerator, denominator = counts[..., 0], counts[..., 1]
    return np.divide(numerator, denominator, out=np.zeros_like(numerator), where=denominator != 0)


def _f1(counts: Array) -> Array:
    """Harmonic mean of precision and recall: 2 tp / (predicted + gold); 0 where both are 0."""
    return _ratio(np.stack([2 * counts[..., 0], counts[..., 1] + counts[..., 2]], axis=-1))


def _fraction(name: str, label: str) -> Metric:
    """A share of right answers."""
    return Metric(name, label, True, ("correct", "total"), "fraction", 0.02, False, _ratio)


def _errors(name: str, label: str, among: str) -> Metric:
    """Errors among all that could be wrong: a corpus score, not the mean over sentences."""
    return Metric(name, label, False, ("errors", among), "fraction", 0.01, False, _ratio)


METRICS: Final[Mapping[str, Metric]] = {
    "bits_per_byte": Metric(
        "bits_per_byte",
        "bits per byte",
        False,
        ("bits", "bytes"),
        "bits",
        0.02,
        True,
        _ratio,
    ),
    "entity_f1": Metric(
        "entity_f1",
        "entity F1",
        True,
        ("true_positive", "predicted", "gold"),
        "fraction",
        0.02,
        False,
        _f1,
    ),
    "pos_f1": Metric(
        "pos_f1",
        "POS F1 over runs of equal tags",
        True,
        ("true_positive", "predicted", "gold"),
        "fraction",
        0.02,
        False,
        _f1,
    ),
    "pos_accuracy": _fraction("pos_accuracy", "POS accuracy"),
    "accuracy": _fraction("accuracy", "accuracy"),
    # F1 is a mean over questions, not of counts over all of them: each adds its own F1 to the sum.
    "qa_f1": _fraction("qa_f1", "answer F1"),
    "qa_em": _fraction("qa_em", "exact answers"),
    "retrieval_accuracy": _fraction("retrieval_accuracy", "retrieval accuracy"),
    # Of finished systems, scored elsewhere.
    "word_error_rate": _errors("word_error_rate", "word error rate", "words"),
    "character_error_rate": _errors("character_error_rate", "character error rate", "characters"),
    "error_rate": _errors("error_rate", "error rate", "total"),
    "mean_score": Metric(
        "mean_score", "mean score", True, ("score", "total"), "score", 0.02, True, _ratio
    ),
    "mean_loss": Metric(
        "mean_loss", "mean loss", False, ("loss", "total"), "score", 0.02, True, _ratio
    ),
}


def interference(monolingual: float, multilingual: float, metric: Metric) -> float:
    """Return how much multilingual training hurt, in the metric's unit: positive = hurt.

    `score(monolingual) - score(multilingual)` for metrics where more is better; the sign is turned
    for those where less is better, so that positive always means hurt.

    Example:
        >>> round(interference(0.86, 0.84, METRICS["entity_f1"]), 3)
        0.02
        >>> round(interference(1.10, 1.25, METRICS["bits_per_byte"]), 3)
        0.15
    """
    gap = monolingual - multilingual
    return gap if metric.higher_is_better else -gap
