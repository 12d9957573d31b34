"""Seeds until decided: several analyses of growing data, with the level spent over them.

Whoever tests after 3, 6 and 9 seeds at 5 % each calls nothing a difference in more than 5 of 100.
Lan and DeMets spend the level instead: `a(t)` of it is used up when a share t of the seeds is
there, with `a(1)` the whole. The nominal level of analysis j follows by recursion over the Brownian
motion `B(t)` that the sums of independent seeds form,

    P(|B(t_j)| >= c_j sqrt(t_j), and no earlier boundary crossed) = a(t_j) - a(t_(j-1))

and the p-value of Student's t is held against `2 (1 - Phi(c_j))` (significance levels carried over
from the normal case, as Jennison and Turnbull do; `benchmarks/results/sequential.json` says how
well that holds at 3 seeds). Test examples are the same at every analysis, which only makes the
analyses more alike, and the level smaller.

An analysis may be the last one before the most seeds are reached: where the variance alone says
that more seeds decide nothing, it spends all that is left. The estimate has no part in that.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import special

Array = NDArray[np.float64]

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(96)
_LEVELS: Final = np.logspace(-12.0, np.log10(0.999), 90)


@dataclass(frozen=True)
class SequentialDesign:
    """When comparisons are analysed, and which level each analysis may use.

    Attributes:
        seeds: trainings a side at each analysis, increasing.

    Example:
        >>> design = SequentialDesign.between(3, 9)
        >>> design.seeds
        (3, 6, 9)
        >>> [round(design.nominal(0.05, analysis), 4) for analysis in range(3)]
        [0.0226, 0.0217, 0.0217]
        >>> round(design.nominal(0.05, 0, last=True), 4)  # the variance says: stop here
        0.05

    Reference:
        K. K. Gordon Lan and David L. DeMets (1983). Discrete Sequential Boundaries for Clinical
        Trials. https://doi.org/10.1093/biomet/70.3.659
    """

    seeds: tuple[int, ...]

    @classmethod
    def between(cls, first: int, most: int) -> "SequentialDesign":
        """Return the design that analyses after `first` seeds, and then in like steps.

        Args:
            first: seeds at the first analysis; 2 or more.
            most: seeds at the last one; `first` or more.
        """
        steps = -(-most // first)
        sizes = np.linspace(first, most, steps) if steps > 1 else [most]
        return cls(tuple(round(float(size)) for size in sizes))

    def nominal(self, alpha: float, analysis: int, *, last: bool = False) -> float:
        """Return the level that the p-value of one analysis is held to.

        Args:
            alpha: of the whole procedure; Holm's for one comparison of a table.
            analysis: 0 for the first.
            last: whether this is the last one; it is after the most seeds.

        Returns:
            A level in (0, alpha].
        """
        if analysis == 0 and (last or len(self.seeds) == 1):
            return alpha
        levels = _table(self.seeds, analysis, last)
        return float(np.exp(np.interp(np.log(alpha), np.log(_LEVELS), np.log(levels))))

    def adjusted(self, p: float, analysis: int, *, last: bool = False) -> float:
        """Return the p-value of the whole procedure: the level at which `p` is just significant.

        Args:
            p: of the t test at this analysis.
            analysis: 0 for the first.
            last: as in `nominal`.

        Returns:
            A p-value that Holm's correction takes as it is.
        """
        if analysis == 0 and (last or len(self.seeds) == 1):
            return p
        levels = _table(self.seeds, analysis, last)
        if p >= levels[-1]:
            return max(p, float(_LEVELS[-1]))
        if p <= levels[0]:
            return float(_LEVELS[0] * max(p, 1e-300) / levels[0])
        return float(np.exp(np.interp(np.log(p), np.log(levels), np.log(_LEVELS))))


@dataclass(frozen=True)
class Look:
    """One analysis of one comparison.

    Attributes:
        design: of the study.
        analysis: 0 for the first.
        last: whether it spends all that is left of the level.
    """

    design: SequentialDesign
    analysis: int
    last: bool

    def nominal(self, alpha: float) -> float:
        """Return the level that the p-value of this analysis is held to."""
        return self.design.nominal(alpha, self.analysis, last=self.last)

    def adjusted(self, p: float) -> float:
        """Return the p-value of the whole procedure."""
        return self.design.adjusted(p, self.analysis, last=self.last)


def spent(share: float, alpha: float) -> float:
    """Return how much of the level is used up when a share of the seeds is there.

    `alpha ln(1 + (e - 1) t)`, Pocock's kind. That of O'Brien and Fleming saves its level for the
    end: at 3 of 9 seeds it leaves 0.0007, for which a t of 4 degrees of freedom would have to be
    above 9, so that hardly anything is decided there.

    Args:
        share: in [0, 1].
        alpha: the whole level.

    Example:
        >>> round(spent(1 / 3, 0.05), 4), spent(1.0, 0.05)
        (0.0226, 0.05)
    """
    return float(alpha * np.log(1.0 + (np.e - 1.0) * share))


@lru_cache(maxsize=64)
def _table(seeds: tuple[int, ...], analysis: int, last: bool) -> Array:
    """Return the nominal levels of one analysis at each of `_LEVELS`."""
    shares = tuple(size / seeds[-1] for size in seeds[: analysis + 1])
    whole = last or analysis == len(seeds) - 1
    found = [_nominal(shares, float(alpha), whole) for alpha in _LEVELS]
    return np.maximum.accumulate(np.asarray(found))


def _nominal(shares: tuple[float, ...], alpha: float, whole: bool) -> float:
    """Return the nominal level at the last of some shares by recursion over the earlier ones."""
    used = [0.0, *(spent(share, alpha) for share in shares)]
    if whole:
        used[-1] = alpha
    places, masses = np.zeros(1), np.ones(1)
    bound = before = 0.0
    for share, more in zip(shares, np.diff(used), strict=True):
        sd = (share - before) ** 0.5
        bound = _boundary(places, masses, sd, float(more))
        inner = bound * _NODES
        density = np.exp(-0.5 * ((inner[:, None] - places) / sd) ** 2) / (sd * np.sqrt(2 * np.pi))
        places, masses = inner, bound * _WEIGHTS * (density @ masses)
        before = share
    return float(2.0 * special.ndtr(-bound / shares[-1] ** 0.5))


def _boundary(places: Array, masses: Array, sd: float, more: float) -> float:
    """Return the value that is passed next, on either side, with probability `more`."""
    low, high = 0.0, 40.0
    for _ in range(60):
        middle = 0.5 * (low + high)
        outside = special.ndtr((places - middle) / sd) + special.ndtr((-places - middle) / sd)
        low, high = (middle, high) if float(masses @ outside) > more else (low, middle)
    return high
