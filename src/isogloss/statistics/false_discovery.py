"""Corrections for many tests at once: Holm's, and the control of the false-discovery rate."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from isogloss.statistics.holm import holm, holm_levels


@dataclass(frozen=True)
class Correction:
    """How the p-values of one table are corrected.

    Attributes:
        label: words for it.
        adjust: p-values to adjusted ones, in the same order.
        levels: (p-values, alpha) to the level that each test is held to, the others as they are.
    """

    label: str
    adjust: Callable[[Sequence[float]], list[float]]
    levels: Callable[[Sequence[float], float], list[float]]


def benjamini_hochberg(p_values: Sequence[float]) -> list[float]:
    """Return adjusted p-values: of those below alpha, at most a share alpha is false on average.

    The k-th smallest of m p-values is multiplied by `m / k`; none exceeds the one after it. Valid
    for independent tests and for those that move together (positive regression dependence).

    Args:
        p_values: one for each test of the family, each in [0, 1].

    Returns:
        Adjusted p-values in the same order.

    Example:
        >>> [round(p, 3) for p in benjamini_hochberg([0.01, 0.04, 0.03])]
        [0.03, 0.04, 0.04]

    Reference:
        Yoav Benjamini and Yosef Hochberg (1995). Controlling the False Discovery Rate.
        https://doi.org/10.1111/j.2517-6161.1995.tb02031.x
    """
    p = np.asarray(p_values, dtype=np.float64)
    order = np.argsort(p, kind="stable")
    scaled = p[order] * len(p) / np.arange(1, len(p) + 1)
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return [float(one) for one in adjusted]


def benjamini_yekutieli(p_values: Sequence[float]) -> list[float]:
    """Return adjusted p-values as `benjamini_hochberg` does, valid whatever the dependence.

    Args:
        p_values: one for each test of the family, each in [0, 1].

    Returns:
        Those of Benjamini and Hochberg times `1 + 1/2 + ... + 1/m`, at most 1.

    Example:
        >>> [round(p, 3) for p in benjamini_yekutieli([0.01, 0.04, 0.03])]
        [0.055, 0.073, 0.073]

    Reference:
        Yoav Benjamini and Daniel Yekutieli (2001). The control of the false discovery rate in
        multiple testing under dependency. https://doi.org/10.1214/aos/1013699998
    """
    price = _price(len(p_values))
    return [min(1.0, price * one) for one in benjamini_hochberg(p_values)]


def _price(n_tests: int) -> float:
    return float(np.sum(1.0 / np.arange(1, n_tests + 1)))


def _hochberg_levels(p_values: Sequence[float], alpha: float) -> list[float]:
    """Return the level of each test: alpha / m for each one that is rejected when it is."""
    p = np.asarray(p_values, dtype=np.float64)
    bars = alpha * np.arange(1, len(p) + 1) / len(p)
    order = np.argsort(p, kind="stable")
    levels = np.empty_like(p)
    for rank, index in enumerate(order):
        # The test at hand comes first, whatever it is; those below it move up by one.
        others = np.concatenate(([0.0], np.delete(p[order], rank)))
        levels[index] = alpha * (np.flatnonzero(others <= bars)[-1] + 1) / len(p)
    return [float(level) for level in levels]


def _yekutieli_levels(p_values: Sequence[float], alpha: float) -> list[float]:
    return _hochberg_levels(p_values, alpha / _price(len(p_values))) if p_values else []


CORRECTIONS: Final[Mapping[str, Correction]] = {
    "holm": Correction("Holm's method", holm, holm_levels),
    "bh": Correction(
        "false-discovery rate (Benjamini and Hochberg)", benjamini_hochberg, _hochberg_levels
    ),
    "by": Correction(
        "false-discovery rate under dependence (Benjamini and Yekutieli)",
        benjamini_yekutieli,
        _yekutieli_levels,
    ),
}
"""What `judge_systems` can correct by."""
