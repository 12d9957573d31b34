"""Per-example counts of several seeds: checked, scored, and split into examples' influences."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from isogloss.core import InputError, Metric

Array = NDArray[np.float64]


def checked_counts(counts: ArrayLike, metric: Metric, side: str) -> Array:
    """Return the counts as floats of shape [n_seeds, n_examples, k].

    Args:
        counts: shape [n_seeds, n_examples, k], in the order of `metric.counts`.
        metric: what they are counts of.
        side: "reference" or "treated", for the message.

    Returns:
        The same numbers, shape [n_seeds, n_examples, k], float64.

    Raises:
        InputError: wrong shape, fewer than two examples, no seed, or a number that is not finite.
    """
    array = np.asarray(counts, dtype=np.float64)
    wanted = f"counts of shape [n_seeds >= 1, n_examples >= 2, {len(metric.counts)}], all finite"
    if array.ndim != 3 or array.shape[0] < 1 or array.shape[1] < 2:
        found = f"shape {list(array.shape)}"
    elif array.shape[2] != len(metric.counts):
        found = f"{array.shape[2]} counts an example"
    elif not np.isfinite(array).all():
        found = f"{int((~np.isfinite(array)).sum())} numbers that are not finite"
    else:
        return array
    raise InputError(
        expected=wanted,
        found=found,
        where=f"{metric.name}, the {side} side of a comparison",
        next_step=f"Give one row of ({', '.join(metric.counts)}) for each test example and seed.",
    )


def checked_pair(reference: ArrayLike, treated: ArrayLike, metric: Metric) -> tuple[Array, Array]:
    """Return both sides, checked to be about the same test examples."""
    first = checked_counts(reference, metric, "reference")
    second = checked_counts(treated, metric, "treated")
    if first.shape[1] != second.shape[1]:
        raise InputError(
            expected="the same test examples on both sides",
            found=f"{first.shape[1]} and {second.shape[1]} examples",
            where=f"{metric.name}, reference and treated",
            next_step="Evaluate both systems on the same test file.",
        )
    return first, second


def seed_scores(counts: Array, metric: Metric) -> Array:
    """Return the score of each seed, shape [n_seeds]."""
    return metric.value(counts.sum(axis=1))


def influences(counts: Array, metric: Metric) -> Array:
    """Return the jackknife pseudo-values of the examples: how much each one moves its seed's score.

    `n * score(all) - (n - 1) * score(all but one)`. For a plain mean these are the examples' own
    values; for a ratio (F1, bits per byte) they are its linearisation, without a derivative a
    metric would have to supply.

    Args:
        counts: shape [n_seeds, n_examples, k].
        metric: function of summed counts.

    Returns:
        Shape [n_seeds, n_examples], in the metric's unit; the variance of a row's mean over
        examples estimates the variance of that seed's score over test sets.

    Example:
        >>> from isogloss.core import METRICS
        >>> counts = np.array([[[1.0, 1.0], [0.0, 1.0], [1.0, 1.0]]])
        >>> influences(counts, METRICS["accuracy"]).round(9).tolist()
        [[1.0, 0.0, 1.0]]

    Reference:
        Bradley Efron and Charles Stein (1981). The jackknife estimate of variance.
        https://doi.org/10.1214/aos/1176345462
    """
    n_examples = counts.shape[1]
    totals = counts.sum(axis=1, keepdims=True)
    whole = metric.value(totals)
    return n_examples * whole - (n_examples - 1) * metric.value(totals - counts)
