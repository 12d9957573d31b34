"""How uncertain a difference of two seed-averaged scores is: examples and trainings.

With `phi[s, i]` the influence of test example `i` on the score of seed `s`, a new test set moves
all seeds together and a new training moves one seed:

    V = V_examples + max(0, V_seeds - V_both)
    V_examples = variance over i of the seed-mean influence / n
    V_seeds    = variance over s of the seed's score / S          (of each system, or their pairs)
    V_both     = residual variance of phi after both means / (n S), counted by both of the above

With three seeds and noisy training few degrees of freedom are left and the interval is wide: that
is the truth about three seeds.
"""

from dataclasses import dataclass

import numpy as np

from isogloss.statistics.counts import Array


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


@dataclass(frozen=True)
class _Seeds:
    """V_seeds, its degrees of freedom, and the part of it that V_examples holds already."""

    variance: float
    degrees_of_freedom: float
    counted_twice: float


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
    """
    n_examples = reference.shape[1]
    gap = reference.mean(axis=0) - treated.mean(axis=0)
    from_examples = float(gap.var(ddof=1)) / n_examples
    units = (reference - treated,) if paired_seeds else (reference, treated)
    seeds = _pooled([_seed_part(unit) for unit in units if len(unit) > 1])
    excess = max(0.0, seeds.variance - seeds.counted_twice)
    variance = from_examples + excess
    if variance == 0.0:
        return Uncertainty(0.0, n_examples - 1.0, 0.0)
    # How much the seed part weighs in the degrees of freedom: before the subtraction for pairs
    # (few degrees of freedom, little room), halfway to the net value for independent seeds.
    weight = seeds.variance if paired_seeds else (seeds.variance * excess) ** 0.5
    freedom = _combined(
        from_examples / variance, n_examples - 1.0, weight / variance, seeds.degrees_of_freedom
    )
    return Uncertainty(variance, freedom, excess / variance)


def _seed_part(influence: Array) -> _Seeds:
    """Return the variance of one unit's mean over seeds and the part that examples explain."""
    n_seeds, n_examples = influence.shape
    seed_means = influence.mean(axis=1)
    between = float(seed_means.var(ddof=1)) / n_seeds
    left = influence - seed_means[:, None] - influence.mean(axis=0) + influence.mean()
    mean_square = float(np.square(left).sum()) / ((n_seeds - 1) * (n_examples - 1))
    return _Seeds(between, n_seeds - 1.0, mean_square / (n_seeds * n_examples))


def _pooled(parts: list[_Seeds]) -> _Seeds:
    """Add independent seed parts; degrees of freedom by Welch (1947) and Satterthwaite (1946).

    Reference:
        F. E. Satterthwaite (1946). An Approximate Distribution of Estimates of Variance Components.
        https://doi.org/10.2307/3002019
    """
    total = sum(part.variance for part in parts)
    spread = sum(part.variance**2 / part.degrees_of_freedom for part in parts)
    freedom = total * total / spread if spread > 0.0 else 1.0
    return _Seeds(total, freedom, sum(part.counted_twice for part in parts))


def _combined(examples: float, many: float, seeds: float, few: float) -> float:
    """Return the degrees of freedom of the sum of two parts, given as shares of the sum.

    Satterthwaite's rule has exponent 2. Its estimate from the data is too large when one part has
    2 to 4 degrees of freedom and the other hundreds: a nominal 5 % test of three pairs of seeds
    then rejects up to 8 %. Exponent 1.5 keeps the rate between 3 and 7 % at every ratio of the
    parts, for 3, 5 and 10 seeds (exponent 1, Cochran's weights, would lose power for nothing).
    """
    inverse = examples**1.5 / many + seeds**1.5 / few
    return min(max(1.0 / inverse, min(few, many)), many)
