"""How many seeds, or test examples, would decide a comparison: from its own variance."""

import math
from typing import Final

from isogloss.statistics.difference import Difference
from isogloss.statistics.power import prospect
from isogloss.statistics.student import minimum_detectable_effect

# Past this, what is left of the variance is that of the test examples.
_MOST: Final = 10_000_000


def seeds_needed(
    found: Difference, effect: float, *, alpha: float = 0.05, power: float = 0.8
) -> float:
    """Return how many seeds a side find a true `effect` with the wanted power.

    A finished comparison says how much of its variance is of trainings (more seeds shrink it) and
    how much of test examples (they don't). The standard error with more seeds follows, and it is
    as uncertain as what it was estimated from: three seeds ask for more than ten would.

    Args:
        found: the comparison; two seeds a side or more.
        effect: true difference to be found, in the metric's unit; > 0.
        alpha: level of the test, Holm's in a table of several languages.
        power: wanted probability of finding the effect.

    Returns:
        The number of seeds of each side, at least `found.n_seeds`; above 20, to within 5 %.
        Infinity where no number of seeds is enough: then more test examples are needed
        (`examples_needed`). nan where a side has one seed: nothing is known of the variance between
        trainings.

    Example:
        >>> import numpy as np
        >>> from isogloss.core import METRICS
        >>> from isogloss.statistics import difference
        >>> rng = np.random.default_rng(0)
        >>> rates = 0.8 + 0.03 * rng.standard_normal((2, 3, 1))  # 2 systems x 3 seeds
        >>> right = rng.random((2, 3, 5000)) < rates
        >>> a, b = np.stack([right, np.ones_like(right)], axis=-1)
        >>> seeds_needed(difference(a, b, METRICS["accuracy"]), 0.02)
        7.0
    """
    if found.seed_variance_unknown:
        return math.nan

    def enough(n_seeds: int) -> bool:
        return prospect(found.uncertainty, n_seeds).power(effect, alpha) >= power

    low, high = found.n_seeds - 1, found.n_seeds
    while not enough(high):
        if high >= _MOST:
            return math.inf
        low, high = high, 2 * high
    while high - low > max(1, high // 20):
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return float(high)


def examples_needed(
    found: Difference, effect: float, *, alpha: float = 0.05, power: float = 0.8
) -> float:
    """Return how many test examples are needed at least, were there ever so many seeds.

    Args:
        found: the comparison.
        effect: true difference to be found, in the metric's unit; > 0.
        alpha: level of the test.
        power: wanted probability of finding the effect.

    Returns:
        A number of test examples like those at hand.

    Example:
        >>> from isogloss.core import METRICS
        >>> from isogloss.statistics import difference
        >>> right = [[[1, 1], [1, 1], [1, 1], [0, 1]]]
        >>> wrong = [[[1, 1], [0, 1], [1, 1], [0, 1]]]
        >>> examples_needed(difference(right, wrong, METRICS["accuracy"]), 0.02)
        4906.0
    """
    smallest = minimum_detectable_effect(
        found.uncertainty.floor**0.5, math.inf, alpha=alpha, power=power
    )
    return float(math.ceil(found.n_examples * (smallest / effect) ** 2))
