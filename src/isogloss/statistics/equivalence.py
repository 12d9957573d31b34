"""Two one-sided tests: is the difference smaller than anything of interest?"""

from isogloss.statistics.difference import Difference
from isogloss.statistics.generalised_p import tails


def no_effect_of_interest(found: Difference, smallest_effect: float) -> float:
    """Return the p-value of "the true difference is at least the smallest effect of interest".

    Below 0.05, a difference of interest in either direction is rejected: the interval of 90 % lies
    between `-smallest_effect` and `+smallest_effect`. It is the larger p-value of two one-sided t
    tests, so no correction for the two is needed. That a difference is not significant is no such
    evidence: a study of few seeds finds nothing where there is much.

    Args:
        found: the comparison.
        smallest_effect: in the metric's unit; > 0.

    Returns:
        A p-value; 1 where a side has one seed, which says nothing about another training.

    Example:
        >>> from isogloss.core import METRICS
        >>> from isogloss.statistics import difference
        >>> same = [[[1, 1], [0, 1]] * 300] * 3  # three seeds that agree on 600 examples
        >>> no_effect_of_interest(difference(same, same, METRICS["accuracy"]), 0.02)
        0.0

    Reference:
        Donald J. Schuirmann (1987). A comparison of the two one-sided tests procedure and the power
        approach for assessing the equivalence of average bioavailability.
        https://doi.org/10.1007/BF01068419
    """
    if found.seed_variance_unknown:
        return 1.0
    room = smallest_effect - abs(found.estimate)
    if found.standard_error == 0.0:
        return 0.0 if room > 0.0 else 1.0
    return float(tails(found.uncertainty).beyond(room)[0])
