"""Two systems on the same examples, each right or wrong: exact test, score interval, exact power.

Of n examples, `broke` were right and are wrong now, `mended` the other way round; only these say
anything about the difference `(broke - mended) / n`, whose sign is that of harm.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import special

Array = NDArray[np.float64]

# How many examples of a next test set change: as many evenly likely values.
_POINTS: Final = (np.arange(24) + 0.5) / 24
_NEARLY_ONE: Final = 1.0 - 1e-9


@dataclass(frozen=True)
class PairedBinary:
    """Counts of changed examples.

    Attributes:
        n: examples.
        broke: right before, wrong now.
        mended: wrong before, right now.
    """

    n: int
    broke: int
    mended: int

    @property
    def changed(self) -> int:
        """How many examples changed."""
        return self.broke + self.mended

    @property
    def p(self) -> float:
        """Two-sided, of McNemar's exact test.

        Example:
            >>> round(PairedBinary(100, broke=9, mended=2).p, 6)
            0.06543

        Reference:
            Quinn McNemar (1947). Note on the sampling error of the difference between correlated
            proportions or percentages. https://doi.org/10.1007/BF02295996
        """
        return min(1.0, 2.0 * float(special.bdtr(min(self.broke, self.mended), self.changed, 0.5)))

    def interval(self, alpha: float) -> tuple[float, float]:
        """Return the score interval of the difference; it has a width where nothing changed, too.

        Args:
            alpha: 1 - coverage.

        Returns:
            (low, high), positive = harm.

        Example:
            >>> [round(end, 3) for end in PairedBinary(44, broke=9, mended=1).interval(0.05)]
            [0.05, 0.328]

        Reference:
            Toshiro Tango (1998). Equivalence test and confidence interval for the difference in
            proportions for the paired-sample design.
            https://doi.org/10.1002/(SICI)1097-0258(19980430)17:8<891::AID-SIM780>3.0.CO;2-B
        """
        z = -float(special.ndtri(alpha / 2.0))
        middle = (self.broke - self.mended) / self.n
        return self._end(middle, -1.0, z), self._end(middle, 1.0, -z)

    def p_below(self, margin: float) -> float:
        """Return the p-value of "the harm is `margin` or more": below alpha, it is not.

        Args:
            margin: above -1 and below 1.
        """
        return float(special.ndtr(self._score(margin)))

    def p_above(self, margin: float) -> float:
        """Return the p-value of "the harm is `margin` or less"."""
        return float(special.ndtr(-self._score(margin)))

    def power(self, effect: float, alpha: float, *, n: float | None = None) -> float:
        """Return the probability that McNemar's exact test finds a true `effect`.

        As many examples change as did here, or as many as the effect needs. How many of a next test
        set do is chance, and is averaged over.

        Args:
            effect: true difference, in [0, 1].
            alpha: level of the two-sided test.
            n: examples of that test; None = as many as here.
        """
        n = float(self.n if n is None else n)
        share = min(max((self.changed + 0.5) / (self.n + 1.0), effect, 1.0 / n), 1.0)
        spread = np.sqrt(n * share * (1.0 - share))
        changed = np.clip(np.rint(n * share + spread * special.ndtri(_POINTS)), 0.0, n)
        few = np.floor(_fewest(changed, alpha))
        harmed = min(0.5 * (1.0 + effect / share), 1.0)
        found = _at_most(few, changed, 1.0 - harmed) + _at_most(few, changed, harmed)
        return float(np.mean(found))

    def _score(self, margin: float) -> float:
        """Return the score statistic of the difference against `margin`."""
        edge = float(np.clip(margin, -_NEARLY_ONE, _NEARLY_ONE))
        n, b, c = float(self.n), float(self.broke), float(self.mended)
        first = -b - c + (2.0 * n - b + c) * edge
        last = -c * edge * (1.0 - edge)
        mended = (np.sqrt(max(first * first - 8.0 * n * last, 0.0)) - first) / (4.0 * n)
        variance = n * (2.0 * mended + edge * (1.0 - edge))
        gap = b - c - n * edge
        return float(gap / np.sqrt(variance)) if variance > 0.0 else float(np.sign(gap) * 1e9)

    def _end(self, inside: float, outside: float, z: float) -> float:
        """Return where the score statistic is `z`, between the estimate and the end of scale."""
        for _ in range(60):
            middle = 0.5 * (inside + outside)
            beyond = abs(self._score(middle)) > abs(z)
            inside, outside = (inside, middle) if beyond else (middle, outside)
        return 0.5 * (inside + outside)


def _fewest(changed: Array, alpha: float) -> Array:
    """Return the largest count of the rarer kind that is significant; below 0 where none is."""
    wanted = alpha / 2.0
    guess = np.floor(0.5 * changed + 0.5 * np.sqrt(changed) * float(special.ndtri(wanted)))
    guess = np.maximum(guess, -1.0) + 2.0
    for _ in range(80):
        too_many = (guess >= 0.0) & (_at_most(guess, changed, 0.5) > wanted)
        if not too_many.any():
            break
        guess = guess - too_many
    return guess


def _at_most(few: Array, changed: Array, share: float) -> Array:
    """Return the probability of at most `few` of `changed`; 0 where `few` is below 0."""
    known = np.clip(few, 0.0, changed)
    found = special.bdtr(known, changed.astype(np.int64), share)
    return np.where(few < 0.0, 0.0, found)
