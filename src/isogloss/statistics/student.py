"""Student's t, plain and noncentral, as typed functions of floats (SciPy carries no types)."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownArgumentType=false

import math

from scipy import optimize, stats


def two_sided_p(t: float, degrees_of_freedom: float) -> float:
    """Return the probability of a value at least as far from 0 as `t`."""
    return float(2.0 * stats.t.sf(abs(t), degrees_of_freedom))


def critical_value(degrees_of_freedom: float, alpha: float) -> float:
    """Return the value that |t| exceeds with probability `alpha`."""
    return float(stats.t.isf(alpha / 2.0, degrees_of_freedom))


def power_of(
    effect: float, standard_error: float, degrees_of_freedom: float, alpha: float
) -> float:
    """Return the probability that a two-sided t test finds a true `effect`.

    Args:
        effect: true difference, in the metric's unit.
        standard_error: of the estimate; > 0.
        degrees_of_freedom: of that standard error.
        alpha: level of the test.

    Returns:
        Power in [alpha, 1].

    Example:
        >>> round(power_of(0.0, 1.0, 10, 0.05), 6)
        0.05
    """
    threshold = critical_value(degrees_of_freedom, alpha)
    shift = abs(effect) / standard_error
    upper = float(stats.nct.sf(threshold, degrees_of_freedom, shift))
    lower = float(stats.nct.cdf(-threshold, degrees_of_freedom, shift))
    # SciPy gives nan for the far tail at large shifts, where its true value is 0.
    return upper + (0.0 if math.isnan(lower) else lower)


def minimum_detectable_effect(
    standard_error: float,
    degrees_of_freedom: float,
    *,
    alpha: float = 0.05,
    power: float = 0.8,
) -> float:
    """Return the smallest true difference that the test would find with probability `power`.

    Args:
        standard_error: of the estimate, in the metric's unit; 0 gives 0.
        degrees_of_freedom: of that standard error.
        alpha: level of the two-sided test.
        power: wanted probability of finding the effect.

    Returns:
        An effect size > 0 in the metric's unit.

    Example:
        >>> round(minimum_detectable_effect(1.0, 1e6), 3)  # z(0.975) + z(0.8)
        2.802

    Reference:
        Howard S. Bloom (1995). Minimum Detectable Effects.
        https://doi.org/10.1177/0193841X9501900504
    """
    if standard_error == 0.0:
        return 0.0

    def shortfall(shift: float) -> float:
        return power_of(shift, 1.0, degrees_of_freedom, alpha) - power

    high = critical_value(degrees_of_freedom, alpha) + 1.0
    while shortfall(high) < 0.0:
        high *= 1.5
    return standard_error * float(optimize.brentq(shortfall, 0.0, high, xtol=1e-9))
