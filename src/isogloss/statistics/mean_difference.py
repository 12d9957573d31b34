"""The mean of several languages' differences between two systems, with its interval and test."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from isogloss.core import Metric, interference
from isogloss.statistics.counts import Array, checked_pair, influences, seed_scores
from isogloss.statistics.difference import Difference
from isogloss.statistics.variance import uncertainty


def mean_difference(
    pairs: Sequence[tuple[ArrayLike, ArrayLike]],
    metric: Metric,
    *,
    paired_seeds: bool = False,
    alpha: float = 0.05,
) -> Difference:
    """Compare two systems by the mean of their scores over several test sets.

    All test sets weigh alike. The seeds are the same trainings on all of them, so a seed's mean
    over the test sets is what varies from seed to seed; examples are drawn within each test set,
    and how the test sets differ from one another is not chance.

    Args:
        pairs: for each test set, counts of the reference and of the other system, each of shape
            [n_seeds, n_examples, k].
        metric: function of summed counts.
        paired_seeds: as in `difference`.
        alpha: 1 - coverage of the interval.

    Returns:
        The comparison; positive = the other system is worse. `n_examples` counts all test sets.

    Raises:
        InputError: the two sides of a test set have other examples.

    Example:
        >>> from isogloss.core import METRICS
        >>> right = [[[1, 1], [1, 1], [1, 1], [0, 1]]]  # one seed, four examples
        >>> wrong = [[[1, 1], [0, 1], [1, 1], [0, 1]]]
        >>> found = mean_difference([(right, wrong), (right, right)], METRICS["accuracy"])
        >>> found.estimate, found.n_examples
        (0.125, 8)
    """
    checked = [checked_pair(*pair, metric) for pair in pairs]
    sides = [[pair[side] for pair in checked] for side in (0, 1)]
    scores = [
        float(np.mean([seed_scores(counts, metric).mean() for counts in side])) for side in sides
    ]
    spread = uncertainty(
        *(_stratified([influences(counts, metric) for counts in side]) for side in sides),
        paired_seeds=paired_seeds,
    )
    return Difference(
        estimate=interference(scores[0], scores[1], metric),
        uncertainty=spread,
        n_seeds=min(len(sides[0][0]), len(sides[1][0])),
        n_examples=sum(counts.shape[1] for counts in sides[0]),
        reference=scores[0],
        treated=scores[1],
        alpha=alpha,
    )


def mean_of_systems(
    reference: ArrayLike,
    treated: Sequence[ArrayLike],
    metric: Metric,
    *,
    alpha: float = 0.05,
) -> Difference:
    """Compare one system with the mean score of several others, all on the same test examples.

    Seed s is the same training on all sides, so seeds are paired; what the others are is no chance.

    Args:
        reference: counts, shape [n_seeds, n_examples, k].
        treated: counts of each of the other systems, of the same shape.
        metric: function of summed counts.
        alpha: 1 - coverage of the interval.

    Returns:
        The comparison; positive = the others are worse on average.

    Raises:
        InputError: other examples, or another number of seeds.
    """
    pairs = [checked_pair(reference, one, metric) for one in treated]
    first = pairs[0][0]
    of_others = [influences(pair[1], metric) for pair in pairs]
    spread = uncertainty(influences(first, metric), np.mean(of_others, axis=0), paired_seeds=True)
    scores = (
        float(seed_scores(first, metric).mean()),
        float(np.mean([seed_scores(pair[1], metric).mean() for pair in pairs])),
    )
    return Difference(
        estimate=interference(scores[0], scores[1], metric),
        uncertainty=spread,
        n_seeds=len(first),
        n_examples=first.shape[1],
        reference=scores[0],
        treated=scores[1],
        alpha=alpha,
    )


def _stratified(influence: Sequence[Array]) -> Array:
    """Return influences on the mean over test sets, each test set about its own mean.

    Its mean taken away, a test set's examples vary about it and not about those of other sets;
    scaled by N / (L n_l), the mean over all N examples is the mean of the L sets' means.
    """
    total = sum(one.shape[1] for one in influence)
    return np.concatenate(
        [(one - one.mean()) * (total / (len(influence) * one.shape[1])) for one in influence],
        axis=1,
    )
