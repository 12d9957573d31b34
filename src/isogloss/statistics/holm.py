"""Holm's correction for the several languages of one table."""

from collections.abc import Sequence


def holm(p_values: Sequence[float]) -> list[float]:
    """Return adjusted p-values: reject those below alpha, and alpha bounds any false rejection.

    The k-th smallest of m p-values is multiplied by `m - k + 1`; none falls below the one before
    it, and none exceeds 1. Valid whatever the dependence between the tests.

    Args:
        p_values: one for each test of the family, each in [0, 1].

    Returns:
        Adjusted p-values in the same order.

    Raises:
        ValueError: a p-value lies outside [0, 1] or is not a number.

    Example:
        >>> [round(p, 3) for p in holm([0.01, 0.04, 0.03])]
        [0.03, 0.06, 0.06]

    Reference:
        Sture Holm (1979). A Simple Sequentially Rejective Multiple Test Procedure.
        https://www.jstor.org/stable/4615733
    """
    if not all(0.0 <= p <= 1.0 for p in p_values):
        raise ValueError(f"p-values should lie in [0, 1]. Found {list(p_values)}.")
    n_tests = len(p_values)
    adjusted = [1.0] * n_tests
    largest = 0.0
    for rank, index in enumerate(sorted(range(n_tests), key=p_values.__getitem__)):
        largest = max(largest, min(1.0, (n_tests - rank) * p_values[index]))
        adjusted[index] = largest
    return adjusted
