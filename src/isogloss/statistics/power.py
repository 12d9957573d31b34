"""What a comparison can find: its power and minimum detectable effect, now and with more seeds.

The standard error of a study is an estimate, and three seeds a side say little of how much
trainings vary. Taken as exact it promises too much: with 3 seeds and 10 languages, "found with
probability 0.8" was found with 0.7. So both sources of doubt are averaged over. With T = V_seeds
(`variance.py`), f its degrees of freedom and X, X' chi-square variables with f of them:

    true variance     v  = V_examples - V_both + T f / X
    of the next study v' = V_examples + max(0, T f / X * X' / f - V_both), its t with its own
    power at d          = mean over X, X' of P(|N(d, v)| > how far an estimate has to be at T')
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import special

from isogloss.statistics.generalised_p import tails
from isogloss.statistics.variance import SeedPart, Uncertainty

Array = NDArray[np.float64]

_POINTS: Final = (np.arange(32) + 0.5) / 32
_KNOTS: Final = 16


@dataclass(frozen=True)
class Prospect:
    """What a study would find, over what is known of its variance.

    Attributes:
        spread: true standard deviation of the estimate, shape [k, 1].
        between: V_seeds that the study would estimate, shape [k, j].
        coming: the rest of what it would estimate.
    """

    spread: Array
    between: Array
    coming: Uncertainty

    def power(self, effect: float, alpha: float) -> float:
        """Return the probability of finding a true `effect` at level `alpha`."""
        if not self.spread.any():
            return 1.0
        return self._found(effect, self._bar(alpha))

    def mde(self, alpha: float, power: float = 0.8) -> float:
        """Return the true effect that is found with probability `power` at level `alpha`."""
        if not self.spread.any():
            return 0.0
        bar = self._bar(alpha)
        low, high = 0.0, float(self.spread.max())
        while self._found(high, bar) < power:
            low, high = high, 2.0 * high
        while high - low > 1e-5 * high:
            middle = 0.5 * (low + high)
            low, high = (low, middle) if self._found(middle, bar) >= power else (middle, high)
        return high

    def _bar(self, alpha: float) -> Array:
        """Return how far from 0 an estimate has to be."""
        low, high = float(self.between.min()), float(self.between.max())
        if high == 0.0 or not self.coming.seeds:
            return tails(self.coming).critical(alpha)
        # The distance is a smooth function of V_seeds: a few values, and lines between them.
        points = np.geomspace(max(low, 1e-9 * high), high, _KNOTS)
        distances = tails(self.coming, points).critical(alpha, precision=1e-3)
        where = np.log(np.maximum(self.between, points[0]))
        return np.exp(np.interp(where, np.log(points), np.log(distances)))

    def _found(self, effect: float, bar: Array) -> float:
        above = special.ndtr((effect - bar) / self.spread)
        below = special.ndtr((-effect - bar) / self.spread)
        return float(np.mean(above + below))


def prospect(found: Uncertainty, n_seeds: int | None = None) -> Prospect:
    """Return what a study of `n_seeds` a side can find, from the variance of a finished one.

    Args:
        found: variance of the finished study.
        n_seeds: of each side of the study to come, on the same test examples; None = as many as
            the finished study has.
    """
    freedom = found.seeds_freedom
    ratio, next_freedom = 1.0, freedom
    if n_seeds is not None and found.seeds:
        now = found.seeds[0].n_seeds
        ratio, next_freedom = now / n_seeds, freedom * (n_seeds - 1) / (now - 1)
    true = found.true_seeds(np.array(found.seeds_variance), 1.0 / _chi(freedom)) * ratio
    twice = found.counted_twice * ratio
    coming = replace(
        found,
        examples=max(0.0, found.examples - twice / ratio + twice),
        seeds=(SeedPart(2, found.seeds_variance * ratio, twice, next_freedom),) * bool(found.seeds),
    )
    # Rounding alone may leave less than nothing of a part that does not vary.
    variance = np.maximum(coming.examples + true - twice, 1e-24 * (coming.examples + true))
    return Prospect(
        spread=np.sqrt(variance)[:, None],
        between=true[:, None] * _chi(next_freedom)[None, :],
        coming=coming,
    )


def _chi(degrees_of_freedom: float) -> Array:
    """Return evenly likely values of a chi-square variable over its degrees of freedom."""
    half = degrees_of_freedom / 2.0
    return np.asarray(special.gammaincinv(half, _POINTS) / half, dtype=np.float64)
