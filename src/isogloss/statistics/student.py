"""Student's t test as typed functions of floats: levels, power, minimum detectable effects.

The power of a finished study is a function of a standard error that the study itself estimated.
With 3 seeds a side that estimate is rough, and where it came out low by chance the study promises
too much: taken as exact, "found with probability 0.8" is found with 0.64. So its uncertainty is
averaged over. With W and W' two independent chi-square variables over their degrees of freedom
(those of the estimate at hand, and those of the test), the power at a true effect d is

    mean over W, W' of  Phi(d/se sqrt(W) - t sqrt(W')) + Phi(-d/se sqrt(W) - t sqrt(W'))

where t is the critical value. For W = 1 (the error is known) this is the noncentral t distribution.
"""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownArgumentType=false

import math
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import special

_POINTS: Final = (np.arange(64) + 0.5) / 64


def two_sided_p(t: float, degrees_of_freedom: float) -> float:
    """Return the probability of a value at least as far from 0 as `t`."""
    return 2.0 * float(special.stdtr(degrees_of_freedom, -abs(t)))


def critical_value(degrees_of_freedom: float, alpha: float) -> float:
    """Return the value that |t| exceeds with probability `alpha`."""
    return -float(special.stdtrit(degrees_of_freedom, alpha / 2.0))


def power_of(
    effect: float,
    standard_error: float,
    degrees_of_freedom: float,
    alpha: float,
    *,
    known: float | None = None,
) -> float:
    """Return the probability that a two-sided t test finds a true `effect`.

    Args:
        effect: true difference, in the metric's unit.
        standard_error: estimate of the test's standard error.
        degrees_of_freedom: of the test.
        alpha: level of the test.
        known: degrees of freedom of `standard_error`; None = those of the test, infinity = it is
            exact and not an estimate.

    Returns:
        Power in [alpha, 1]; 1 without any error.

    Example:
        >>> round(power_of(3.0, 1.0, 4, 0.05, known=float("inf")), 2)
        0.62
        >>> round(power_of(3.0, 1.0, 4, 0.05), 2)  # the error is an estimate of two small groups
        0.55

    Reference:
        David J. Spiegelhalter and Laurence S. Freedman (1986). A predictive approach to selecting
        the size of a clinical trial. https://doi.org/10.1002/sim.4780050103
    """
    if standard_error == 0.0:
        return 1.0
    shift = abs(effect) / standard_error
    known = degrees_of_freedom if known is None else known
    return _power(shift, known, degrees_of_freedom, critical_value(degrees_of_freedom, alpha))


def minimum_detectable_effect(
    standard_error: float,
    degrees_of_freedom: float,
    *,
    alpha: float = 0.05,
    power: float = 0.8,
    known: float | None = None,
) -> float:
    """Return the smallest true difference that the test would find with probability `power`.

    Args:
        standard_error: estimate of the test's standard error, in the metric's unit; 0 gives 0.
        degrees_of_freedom: of the test.
        alpha: level of the two-sided test.
        power: wanted probability of finding the effect.
        known: degrees of freedom of `standard_error`, as in `power_of`.

    Returns:
        An effect size > 0 in the metric's unit.

    Example:
        >>> round(minimum_detectable_effect(1.0, 1e6), 2)  # z(0.975) + z(0.8)
        2.8
        >>> round(minimum_detectable_effect(1.0, 4), 2)  # three seeds a side
        4.67

    Reference:
        Howard S. Bloom (1995). Minimum Detectable Effects.
        https://doi.org/10.1177/0193841X9501900504
    """
    if standard_error == 0.0:
        return 0.0
    known = degrees_of_freedom if known is None else known
    threshold = critical_value(degrees_of_freedom, alpha)
    low, high = 0.0, threshold + 1.0
    while _power(high, known, degrees_of_freedom, threshold) < power:
        low, high = high, 2.0 * high
    while high - low > 1e-7 * high:
        middle = 0.5 * (low + high)
        enough = _power(middle, known, degrees_of_freedom, threshold) >= power
        low, high = (low, middle) if enough else (middle, high)
    return standard_error * high


@lru_cache(maxsize=4096)
def _root_chi(degrees_of_freedom: float) -> NDArray[np.float64]:
    """Return evenly likely values of sqrt(chi-square / its degrees of freedom)."""
    if math.isinf(degrees_of_freedom):
        return np.ones(1)
    half = degrees_of_freedom / 2.0
    return np.asarray(np.sqrt(special.gammaincinv(half, _POINTS) / half), dtype=np.float64)


def _power(shift: float, known: float, degrees_of_freedom: float, threshold: float) -> float:
    """Return the power at an effect of `shift` estimated standard errors."""
    effect = shift * _root_chi(known)[:, None]
    bar = threshold * _root_chi(degrees_of_freedom)[None, :]
    return float(np.mean(special.ndtr(effect - bar) + special.ndtr(-effect - bar)))
