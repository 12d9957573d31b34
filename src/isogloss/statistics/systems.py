"""Two finished systems on the same test examples: the harm done by the change, and how sure it is.

Nothing is trained again, so the examples are what chance comes from; where they belong together
(questions about one passage, segments of one recording) the clusters are. Where there are several
trainings or checkpoints a side, these are a second source, as in `difference`.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from isogloss.core import InputError, Metric
from isogloss.statistics.counts import Array, checked_pair
from isogloss.statistics.difference import Difference, difference
from isogloss.statistics.generalised_p import tails
from isogloss.statistics.mean_difference import mean_difference
from isogloss.statistics.paired_binary import PairedBinary
from isogloss.statistics.seeds import examples_needed

_MOST_EXAMPLES: Final = 1e9


@dataclass(frozen=True)
class SystemDifference:
    """How much worse NEW is than BASE.

    Attributes:
        difference: estimate (positive = NEW is worse), variance, seeds; its examples are the units
            that chance draws: examples, or clusters of them.
        metric: of both.
        n_examples: test examples.
        binary: counts of changed examples, where each is right or wrong, of one run a side, and
            stands for itself: then test, interval and power are those of paired binary data.
        largest_change: of one unit's score, for units none of which changed.
        clustered: whether the units are clusters.
    """

    difference: Difference
    metric: Metric
    n_examples: int
    binary: PairedBinary | None = None
    largest_change: float = 1.0
    clustered: bool = False

    @property
    def estimate(self) -> float:
        """Harm: positive = NEW is worse, in the metric's unit."""
        return self.difference.estimate

    @property
    def base(self) -> float:
        """Score of BASE, mean over its seeds."""
        return self.difference.reference

    @property
    def new(self) -> float:
        """Score of NEW, mean over its seeds."""
        return self.difference.treated

    @property
    def n_units(self) -> int:
        """Units that chance draws: examples, or clusters of them."""
        return self.difference.n_examples

    @property
    def examples_only(self) -> bool:
        """Whether a side has one checkpoint: nothing is known of another training then."""
        return self.difference.seed_variance_unknown

    @property
    def test(self) -> str:
        """Name of the test."""
        if self.binary is not None:
            return "McNemar, exact"
        units = "clusters" if self.clustered else "examples"
        return f"t of {units}" if self.examples_only else f"t of {units} and seeds"

    @property
    def p(self) -> float:
        """Two-sided, of "the systems do not differ"."""
        return self.difference.p if self.binary is None else self.binary.p

    def interval(self, alpha: float = 0.05) -> tuple[float, float]:
        """Return the interval of the harm with coverage 1 - `alpha`."""
        if self.binary is not None:
            return self.binary.interval(alpha)
        if self._still:
            end = self.largest_change * (1.0 - (alpha / 2.0) ** (1.0 / self.n_units))
            return -end, end
        found = self.difference.at(alpha)
        return found.ci_low, found.ci_high

    def p_harm_below(self, margin: float) -> float:
        """Return the p-value of "the harm is `margin` or more"; below alpha, it is not."""
        if self.binary is not None:
            return self.binary.p_below(margin)
        return self._beyond(margin - self.estimate, margin)

    def p_no_difference(self, margin: float) -> float:
        """Return the p-value of "the systems differ by `margin` or more, in either direction".

        Two one-sided tests; the larger p-value, so no correction for the two is needed.
        """
        if self.binary is not None:
            return max(self.binary.p_below(margin), self.binary.p_above(-margin))
        return self._beyond(margin - abs(self.estimate), margin)

    def power(self, effect: float, alpha: float = 0.05) -> float:
        """Return the probability that a test like this one finds a true `effect`."""
        if self.binary is not None:
            return self.binary.power(effect, alpha)
        return self.difference.power_at(effect, alpha) if not self._still else math.nan

    def mde(self, alpha: float = 0.05, power: float = 0.8) -> float:
        """Return the true difference that is found with probability `power`."""
        if self._still:
            return math.nan
        if self.binary is None:
            return self.difference.mde_at(alpha, power)
        low, high = 0.0, 1.0
        if self.binary.power(high, alpha) < power:
            return math.inf
        while high - low > 1e-4 * high:
            middle = 0.5 * (low + high)
            enough = self.binary.power(middle, alpha) >= power
            low, high = (low, middle) if enough else (middle, high)
        return high

    def examples_needed(self, effect: float, alpha: float = 0.05, power: float = 0.8) -> float:
        """Return how many examples like these find a true `effect`.

        With several seeds a side it is the number at the least, were there ever so many seeds.
        """
        if self._still:
            return math.nan
        if self.binary is None:
            per_unit = self.n_examples / self.n_units
            wanted = examples_needed(self.difference, effect, alpha=alpha, power=power)
            return math.ceil(per_unit * wanted)
        low, high = 1.0, float(self.n_examples)
        while self.binary.power(effect, alpha, n=high) < power:
            if high > _MOST_EXAMPLES:
                return math.inf
            low, high = high, 2.0 * high
        while high - low > max(1.0, 0.005 * high):
            middle = math.floor(0.5 * (low + high))
            enough = self.binary.power(effect, alpha, n=middle) >= power
            low, high = (low, middle) if enough else (middle, high)
        return high

    @property
    def _still(self) -> bool:
        """Whether not one unit changed its score, which says little where there are few."""
        return (
            self.binary is None and self.estimate == 0.0 and self.difference.standard_error == 0.0
        )

    def _beyond(self, room: float, margin: float) -> float:
        if self._still:
            # Were the mean change `margin`, a share of the units would have changed, and none did.
            share = min(max(margin, 0.0) / self.largest_change, 1.0)
            return float((1.0 - share) ** self.n_units)
        if self.difference.standard_error == 0.0:
            return 0.0 if room > 0.0 else 1.0
        return float(tails(self.difference.uncertainty).beyond(room)[0])


def system_difference(
    base: ArrayLike,
    new: ArrayLike,
    metric: Metric,
    *,
    clusters: ArrayLike | None = None,
    paired_seeds: bool = False,
) -> SystemDifference:
    """Compare two finished systems on the same test examples.

    Scores are functions of summed counts: word error rate is all errors over all words, entity F1
    comes from all true positives, predictions and gold entities, and neither is a mean over
    sentences. Where every example is right or wrong and stands for itself, the test is McNemar's
    exact one; otherwise it is the t test of the examples' influences on the score, or of the
    clusters', which agrees with a paired permutation test.

    Args:
        base: counts, shape [n_examples, k], or [n_seeds, n_examples, k].
        new: counts of the other system on the same examples.
        metric: function of summed counts; `metric.counts` names the k counts.
        clusters: for each example, the cluster that it belongs to (passage, document, speaker);
            None = each stands for itself.
        paired_seeds: as in `difference`.

    Returns:
        The comparison.

    Raises:
        InputError: the two sides have other examples, or there are fewer than two units.

    Example:
        >>> from isogloss.core import METRICS
        >>> base = [[1, 12], [0, 9], [2, 14], [0, 11]]  # word errors and words of four recordings
        >>> new = [[3, 12], [1, 9], [2, 14], [1, 11]]
        >>> found = system_difference(base, new, METRICS["word_error_rate"])
        >>> round(found.base, 3), round(found.new, 3), round(found.estimate, 3)
        (0.065, 0.152, 0.087)

    Reference:
        Evan Miller (2024). Adding Error Bars to Evals. https://arxiv.org/abs/2411.00640
    """
    first, second = checked_pair(_with_seeds(base), _with_seeds(new), metric)
    return _described(
        difference(
            _by_cluster(first, clusters),
            _by_cluster(second, clusters),
            metric,
            paired_seeds=paired_seeds,
        ),
        metric,
        [(first, second)],
        clustered=clusters is not None,
    )


def mean_system_difference(
    pairs: Sequence[tuple[ArrayLike, ArrayLike]],
    metric: Metric,
    *,
    clusters: Sequence[ArrayLike | None] | None = None,
    paired_seeds: bool = False,
) -> SystemDifference:
    """Compare two finished systems by the mean of their scores over several test sets.

    Args:
        pairs: for each test set, counts of BASE and of NEW; all test sets weigh alike.
        metric: of all of them.
        clusters: for each test set, as in `system_difference`.
        paired_seeds: as in `difference`.

    Returns:
        The comparison.
    """
    groups = [None] * len(pairs) if clusters is None else clusters
    checked = [checked_pair(_with_seeds(base), _with_seeds(new), metric) for base, new in pairs]
    grouped = [
        (_by_cluster(one, group), _by_cluster(two, group))
        for (one, two), group in zip(checked, groups, strict=True)
    ]
    found = _described(
        mean_difference(grouped, metric, paired_seeds=paired_seeds),
        metric,
        checked,
        clustered=any(group is not None for group in groups),
    )
    return replace(found, binary=None)


def _described(
    found: Difference,
    metric: Metric,
    pairs: Sequence[tuple[Array, Array]],
    *,
    clustered: bool,
) -> SystemDifference:
    [(first, second), *_] = pairs
    binary = None if clustered else _binary(first, second, metric)
    return SystemDifference(
        difference=found,
        metric=metric,
        n_examples=sum(one.shape[1] for one, _ in pairs),
        binary=binary,
        largest_change=_largest_change(pairs),
        clustered=clustered,
    )


def _with_seeds(counts: ArrayLike) -> Array:
    array = np.asarray(counts, dtype=np.float64)
    return array[None] if array.ndim == 2 else array


def _by_cluster(counts: Array, clusters: ArrayLike | None) -> Array:
    """Return counts summed over the examples of each cluster, shape [n_seeds, n_clusters, k]."""
    if clusters is None:
        return counts
    labels = np.asarray(clusters)
    if labels.shape != counts.shape[1:2]:
        raise InputError(
            expected="a cluster for each test example",
            found=f"{labels.size} clusters and {counts.shape[1]} examples",
            where="clusters of a comparison",
            next_step="Give one name or number for each example, in the order of the counts.",
        )
    names, places = np.unique(labels, return_inverse=True)
    summed = [
        [np.bincount(places, counts[seed, :, k], len(names)) for k in range(counts.shape[2])]
        for seed in range(len(counts))
    ]
    return np.moveaxis(np.array(summed), 1, 2)


def _binary(first: Array, second: Array, metric: Metric) -> PairedBinary | None:
    """Return the changed examples, where each is right or wrong, of one run a side."""
    both = np.concatenate([first, second])
    if len(first) != 1 or len(second) != 1 or both.shape[2] != 2 or not _is_binary(both):
        return None
    gap = (first[0, :, 0] - second[0, :, 0]) * (1.0 if metric.higher_is_better else -1.0)
    return PairedBinary(len(gap), int((gap > 0).sum()), int((gap < 0).sum()))


def _is_binary(counts: Array) -> bool:
    hits, totals = counts[..., 0], counts[..., 1]
    return bool(((hits == 0.0) | (hits == 1.0)).all() and (totals == 1.0).all())


def _largest_change(pairs: Sequence[tuple[Array, Array]]) -> float:
    """Return how far apart two values of one unit can be, as far as the data show."""
    ends = [
        (float(values.min()), float(values.max()))
        for pair in pairs
        for side in pair
        for values in [side[..., 0] / np.maximum(side[..., 1], 1.0)]
    ]
    low, high = min(end[0] for end in ends), max(end[1] for end in ends)
    return max(high - low, abs(high), abs(low)) or 1.0
