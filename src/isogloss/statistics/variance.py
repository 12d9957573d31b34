"""How uncertain a difference of two seed-averaged scores is: examples and trainings.

With `phi[s, i]` the influence of test example `i` on the score of seed `s`, a new test set moves
all seeds together and a new training moves one seed:

    V = V_examples + max(0, V_seeds - V_both)
    V_examples = variance over i of the seed-mean influence / n
    V_seeds    = variance over s of the seed's score / S          (of each system, or their pairs)
    V_both     = residual variance of phi after both means / (n S), counted by both of the above

With three seeds and noisy training few degrees of freedom are left and the interval is wide: that
is the truth about three seeds. With S' seeds in place of S, V_seeds and V_both shrink to S / S' of
what they were and V_examples - V_both stays: that part only more test examples would shrink.
"""

from dataclasses import dataclass, replace

import numpy as np

from isogloss.statistics.counts import Array


@dataclass(frozen=True)
class SeedPart:
    """What the trainings of one side (or the pairs of both) add to the variance.

    Attributes:
        n_seeds: how many there are; 2 or more.
        variance: V_seeds of this side.
        counted_twice: V_both of this side.
        degrees_of_freedom: of V_seeds.
    """

    n_seeds: int
    variance: float
    counted_twice: float
    degrees_of_freedom: float


@dataclass(frozen=True)
class Uncertainty:
    """The variance of an estimate in its parts, and how well it is known.

    Attributes:
        examples: V_examples, in squared units of the metric.
        n_examples: of the test set.
        seeds: one part a side that has two seeds or more, or one of all pairs.
        paired_seeds: whether `seeds` is of pairs.
    """

    examples: float
    n_examples: int
    seeds: tuple[SeedPart, ...]
    paired_seeds: bool

    @property
    def variance(self) -> float:
        """Of the difference."""
        return self.examples + self._excess

    @property
    def seed_share(self) -> float:
        """Part of the variance, 0 to 1, that is of trainings and not of test examples."""
        return self._excess / self.variance if self.variance else 0.0

    @property
    def seeds_variance(self) -> float:
        """V_seeds of all parts."""
        return sum(part.variance for part in self.seeds)

    @property
    def counted_twice(self) -> float:
        """V_both of all parts."""
        return sum(part.counted_twice for part in self.seeds)

    @property
    def floor(self) -> float:
        """Variance that is left however many seeds there are."""
        return max(0.0, self.examples - self.counted_twice)

    @property
    def _excess(self) -> float:
        """Return what trainings add to the part that the examples hold already."""
        return max(0.0, self.seeds_variance - self.counted_twice)

    @property
    def seeds_freedom(self) -> float:
        """Return the degrees of freedom of the seed parts together.

        Reference:
            F. E. Satterthwaite (1946). An Approximate Distribution of Estimates of Variance
            Components. https://doi.org/10.2307/3002019
        """
        total = self.seeds_variance
        spread = sum(part.variance**2 / part.degrees_of_freedom for part in self.seeds)
        return total * total / spread if spread > 0.0 else 1.0

    def scaled(self, factor: float) -> "Uncertainty":
        """Return the same in another unit: every variance times the square of `factor`."""
        square = factor * factor
        parts = (
            replace(
                part, variance=part.variance * square, counted_twice=part.counted_twice * square
            )
            for part in self.seeds
        )
        return replace(self, examples=self.examples * square, seeds=tuple(parts))

    def true_seeds(self, seen: Array, scale: Array) -> Array:
        """Return true values of V_seeds that could have given what was seen.

        A draw for V_seeds as it stands is too careful where trainings hardly vary, one for what is
        left of it after V_both too bold; independent seeds are halfway between. Pairs have half
        the degrees of freedom and need the first.

        Args:
            seen: values of V_seeds.
            scale: of a true value to the one that is seen, degrees of freedom / chi-square.
        """
        twice = self.counted_twice
        whole = np.maximum(seen * scale, twice)
        if self.paired_seeds:
            return whole
        return 0.5 * (whole + twice + np.maximum(0.0, seen - twice) * scale)


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
    units = (reference - treated,) if paired_seeds else (reference, treated)
    return Uncertainty(
        examples=float(gap.var(ddof=1)) / n_examples,
        n_examples=n_examples,
        seeds=tuple(_seed_part(unit) for unit in units if len(unit) > 1),
        paired_seeds=paired_seeds,
    )


def _seed_part(influence: Array) -> SeedPart:
    """Return the variance of one unit's mean over seeds and the part that examples explain."""
    n_seeds, n_examples = influence.shape
    seed_means = influence.mean(axis=1)
    between = float(seed_means.var(ddof=1)) / n_seeds
    left = influence - seed_means[:, None] - influence.mean(axis=0) + influence.mean()
    mean_square = float(np.square(left).sum()) / ((n_seeds - 1) * (n_examples - 1))
    return SeedPart(n_seeds, between, mean_square / (n_seeds * n_examples), n_seeds - 1.0)
