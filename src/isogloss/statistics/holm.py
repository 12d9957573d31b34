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


def holm_levels(p_values: Sequence[float], alpha: float) -> list[float]:
    """Return the level that each test is held to in its table, the others' results as they are.

    Holm's method rejects a test when its p-value is at most `alpha / (m - k)`, where k is how many
    of the others are rejected before it: at first everyone needs `alpha / m`, and with every
    rejection the rest need less. The power of one test is its power at this level.

    Args:
        p_values: one for each test of the family.
        alpha: level of the family.

    Returns:
        A level in [alpha / m, alpha] for each test, in the same order.

    Example:
        >>> [round(level, 3) for level in holm_levels([0.001, 0.9, 0.5], 0.06)]
        [0.02, 0.03, 0.03]
    """
    return [
        alpha / (len(p_values) - _rejected(p_values[:index], p_values[index + 1 :], alpha))
        for index in range(len(p_values))
    ]


def _rejected(before: Sequence[float], after: Sequence[float], alpha: float) -> int:
    """Return how many of the other tests are rejected before the one that is left out."""
    others = sorted((*before, *after))
    for rank, p_value in enumerate(others):
        if p_value > alpha / (len(others) + 1 - rank):
            return rank
    return len(others)
