"""How uncertain a difference of two seed-averaged scores is: examples and trainings.

With `phi[s, i]` the influence of test example `i` on the score of seed `s`, a new test set moves
all seeds together and a new training moves one seed:

    V = V_examples + V_seeds - V_both
    V_examples = variance over i of the seed-mean influence / n
    V_seeds    = variance over s of the seed's score / S           (each system, or their pairs)
    V_both     = residual variance of phi after both means / (n S), counted by both of the above

V is never below V_examples. Its degrees of freedom are Welch and Satterthwaite's: with three seeds
and noisy training few are left, the interval is wide, and that is the truth about three seeds.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from isogloss.study.statistics.counts import Array


@dataclass(frozen=True)
class Uncertainty:
    """The variance of an estimate and how well it is known.

    Attributes:
        variance: of the difference, in squared units of the metric.
        degrees_of_freedom: of that variance.
        seed_share: part of the variance, 0 to 1, that only more seeds would shrink.
    """

    variance: float
    degrees_of_freedom: float
    seed_share: float


def uncertainty(reference: Array, treated: Array, *, paired_seeds: bool) -> Uncertainty:
    """Return the variance of `mean(reference) - mean(treated)` over test sets and trainings.

    Args:
        reference: influences, shape [n_seeds of it, n_examples].
        treated: influences, shape [n_seeds of it, n_examples].
        paired_seeds: whether seed s of both sides shares a source of variation beyond its number
            (both fine-tuned from one pretrained model, say): then the seeds' differences are the
            units, and there are half as many degrees of freedom.

    Returns:
        The uncertainty. A side with one seed adds nothing to the seed part: it is unknown, not 0.

    Reference:
        F. E. Satterthwaite (1946). An Approximate Distribution of Estimates of Variance Components.
        https://doi.org/10.2307/3002019
    """
    n_examples = reference.shape[1]
    gap = reference.mean(axis=0) - treated.mean(axis=0)
    from_examples = float(gap.var(ddof=1)) / n_examples
    units = (reference - treated,) if paired_seeds else (reference, treated)
    # (variance, degrees of freedom) of each mean square that enters V.
    parts = [(from_examples, float(n_examples - 1))]
    from_seeds, counted_twice = 0.0, 0.0
    for unit in units:
        if unit.shape[0] > 1:
            between, residual = _seed_parts(unit)
            parts.append((between, float(unit.shape[0] - 1)))
            from_seeds += between
            counted_twice += residual
    excess = max(0.0, from_seeds - counted_twice)
    variance = from_examples + excess
    return Uncertainty(
        variance=variance,
        degrees_of_freedom=_satterthwaite(variance, parts),
        seed_share=excess / variance if variance > 0.0 else 0.0,
    )


def _seed_parts(influence: Array) -> tuple[float, float]:
    """Return the variance of the mean over seeds, and the part of it that examples explain."""
    n_seeds, n_examples = influence.shape
    seed_means = influence.mean(axis=1)
    between = float(seed_means.var(ddof=1)) / n_seeds
    left = influence - seed_means[:, None] - influence.mean(axis=0) + influence.mean()
    mean_square = float(np.square(left).sum()) / ((n_seeds - 1) * (n_examples - 1))
    return between, mean_square / (n_seeds * n_examples)


def _satterthwaite(variance: float, parts: Sequence[tuple[float, float]]) -> float:
    """Return the degrees of freedom of a sum of mean squares.

    The parts are weighed as estimated, before what both count is taken off: taking it off first
    claims more degrees of freedom exactly when the seeds happened to agree, and then a nominal
    5 % test with 3 seeds rejects up to 7 %.
    """
    spread = sum(part * part / freedom for part, freedom in parts)
    largest = max(freedom for _, freedom in parts)
    # A variance whose square underflows says nothing; with no spread at all t is 0 or infinite.
    return min(variance * variance / spread, largest) if spread > 0.0 else largest
