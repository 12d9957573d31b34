"""The p-value of an estimate whose variance has an unknown part: averaged over that part.

Student's t with Satterthwaite's degrees of freedom takes the part of the trainings for nothing
where it comes out as nothing by chance. At small levels (Holm's, in a table of languages) three
seeds a side then called a true nothing a difference up to 3.6 times too often. So the probability
of an estimate as far from 0 is averaged over the variances that could have given what was seen.
With T = V_seeds (`variance.py`), f its degrees of freedom and X chi-square with f of them,

    v(X) = V_examples - V_both + what T f / X says of T (`Uncertainty.true_seeds`)
    p    = mean over X of P(|t| >= |estimate| / sqrt(v(X))),  t with n_examples - 1

Without seeds this is the paired t test of the examples; where examples don't vary it is the t test
of the seeds. The interval holds the values that p does not reject.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from isogloss.statistics.counts import Array
from isogloss.statistics.variance import Uncertainty

# Quantiles of X, close together where X is small: there the tails come from.
_NODES, _PARTS = np.polynomial.legendre.leggauss(48)
_QUANTILES: Final = (0.5 * (_NODES + 1.0)) ** 3
_WEIGHTS: Final = (_NODES + 1.0) ** 2 * _PARTS / np.sum((_NODES + 1.0) ** 2 * _PARTS)
_LEAST: Final = float(np.finfo(float).tiny)


@dataclass(frozen=True)
class Tails:
    """How far from 0 estimates fall where there is no difference.

    Attributes:
        errors: standard errors that could be true, shape [k, q].
        weights: how likely each of the q is.
        degrees_of_freedom: of the part of the examples.

    Reference:
        Kam-Wah Tsui and Samaradasa Weerahandi (1989). Generalized p-Values in Significance Testing
        of Hypotheses in the Presence of Nuisance Parameters. https://doi.org/10.2307/2289949
    """

    errors: Array
    weights: Array
    degrees_of_freedom: float

    def beyond(self, distance: ArrayLike) -> Array:
        """Return the probability of a value above each `distance`, shape [k]."""
        t = np.asarray(distance)[..., None] / self.errors
        # The weights may add up to more than 1 by rounding.
        return np.minimum(
            special.stdtr(self.degrees_of_freedom, -t) @ self.weights,
            1.0 - 0.5 * (np.asarray(distance) >= 0.0),
        )

    def critical(self, alpha: float, *, precision: float = 1e-12) -> Array:
        """Return the distances that are passed on either side with probability `alpha`.

        Args:
            alpha: of both sides together.
            precision: relative, of the probability.
        """
        one = -special.stdtrit(self.degrees_of_freedom, alpha / 2.0)
        low, high = one * self.errors.min(axis=1), one * self.errors.max(axis=1)
        if np.all(high - low <= 1e-9 * high):
            return high

        # The Illinois variant of regula falsi, on logarithms: nearly a line for tails of any kind.
        wanted = np.log(alpha / 2.0)
        a, b = np.log(low), np.log(high)
        of_a, of_b = (np.log(self.beyond(end)) - wanted for end in (low, high))
        for _ in range(100):
            flat = of_b == of_a
            c = np.where(flat, b, b - of_b * (b - a) / np.where(flat, 1.0, of_b - of_a))
            of_c = np.log(self.beyond(np.exp(c))) - wanted
            crossed = of_c * of_b < 0.0
            a, of_a = np.where(crossed, b, a), np.where(crossed, of_b, 0.5 * of_a)
            b, of_b = c, of_c
            if np.all(np.abs(of_c) < precision):
                break
        return np.exp(b)


def tails(found: Uncertainty, seeds: ArrayLike | None = None) -> Tails:
    """Return the distribution of a comparison's estimate around the truth.

    Args:
        found: its variance.
        seeds: in place of its V_seeds, others, shape [k].
    """
    many = found.n_examples - 1.0
    if not found.seeds:
        return Tails(np.full((1, 1), found.variance**0.5), np.ones(1), many)
    between = np.atleast_1d(np.asarray(found.seeds_variance if seeds is None else seeds))
    half = found.seeds_freedom / 2.0
    scale = np.asarray(half / special.gammaincinv(half, _QUANTILES), dtype=np.float64)
    true = found.true_seeds(between[:, None], scale)
    # Rounding alone may leave less than nothing of a part that does not vary.
    variance = np.maximum(found.examples - found.counted_twice + true, 1e-24 * true)
    return Tails(np.sqrt(np.maximum(variance, _LEAST)), _WEIGHTS, many)
