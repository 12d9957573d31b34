"""What a comparison can find: its power and minimum detectable effect, now and with more seeds.

The standard error of a study is an estimate, and three seeds a side say little of how much
trainings vary. Taken as exact it promises too much: with 3 seeds and 10 languages, "found with
probability 0.8" was found with 0.7. So both sources of doubt are averaged over. With T = V_seeds
(`variance.py`), f its degrees of freedom and X, X' chi-square variables with f of them:

    true variance     v  = V_examples - V_both + T f / X
    of the next study v' = V_examples + max(0, T f / X * X' / f - V_both), its t with its own
                           degrees of freedom
    power at d        = mean over X, X' of P(|N(d, v)| > critical value * sqrt(v'))

T f / X is halfway between the draw for V_seeds as it stands and for what is left of it after
V_both: the first is too careful where trainings hardly vary, the second too bold.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import special

from isogloss.statistics.variance import Uncertainty, combined_freedom

Array = NDArray[np.float64]

_POINTS: Final = (np.arange(32) + 0.5) / 32


@dataclass(frozen=True)
class Prospect:
    """What a study would find, over what is known of its variance.

    Attributes:
        spread: true standard deviation of the estimate, shape [k, 1].
        standard_error: that the study would estimate, shape [k, j].
        degrees_of_freedom: of it, shape [k, j].
    """

    spread: Array
    standard_error: Array
    degrees_of_freedom: Array

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
        return -special.stdtrit(self.degrees_of_freedom, alpha / 2.0) * self.standard_error

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
    seeds = sum(part.variance for part in found.seeds)
    twice = sum(part.counted_twice for part in found.seeds)
    freedom = found.seeds_freedom
    ratio, next_freedom = 1.0, freedom
    if n_seeds is not None and found.seeds:
        now = found.seeds[0].n_seeds
        ratio, next_freedom = now / n_seeds, freedom * (n_seeds - 1) / (now - 1)
    scale = 1.0 / _chi(freedom)
    whole, net = np.maximum(seeds * scale, twice), twice + max(0.0, seeds - twice) * scale
    true = 0.5 * (whole + net)[:, None] * ratio
    twice *= ratio
    examples = max(0.0, found.examples - twice / ratio + twice)
    between = true * _chi(next_freedom)[None, :]
    excess = np.maximum(0.0, between - twice)
    variance = examples + excess
    weight = between if found.paired_seeds else np.sqrt(between * excess)
    many = found.n_examples - 1.0
    whole = np.maximum(variance, np.finfo(float).tiny)
    # A weight far above the variance leaves the few degrees of freedom, however far.
    weight = np.minimum(weight / whole, 1e3)
    return Prospect(
        # Rounding alone may leave less than nothing of a part that does not vary.
        spread=np.sqrt(np.maximum(examples + true - twice, 1e-24 * float(variance.max()))),
        standard_error=np.sqrt(variance),
        degrees_of_freedom=combined_freedom(examples / whole, many, weight, next_freedom),
    )


def _chi(degrees_of_freedom: float) -> Array:
    """Return evenly likely values of a chi-square variable over its degrees of freedom."""
    half = degrees_of_freedom / 2.0
    return np.asarray(special.gammaincinv(half, _POINTS) / half, dtype=np.float64)
