"""A matrix of effects: which cells help, hurt, do nothing, or are open; what languages are like."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from isogloss.statistics.difference import Difference
from isogloss.statistics.equivalence import no_effect_of_interest
from isogloss.statistics.false_discovery import benjamini_hochberg
from isogloss.statistics.generalised_p import tails
from isogloss.statistics.power import prospect

CELL_WORDS: Final = ("beneficial", "harmful", "neutral", "undecided")
GIVER_WORDS: Final = ("donor", "hazard", "inert")
"""Of a transfer language: what it does to most targets."""
TAKER_WORDS: Final = ("receiver", "fragile", "stable")
"""Of a target: what most transfer languages do to it."""

_MOST: Final = 0.6
_FEW: Final = 0.1
_NEARLY_ALL: Final = 0.8
_WORTHWHILE: Final = 0.9
_POWER: Final = 0.8


@dataclass(frozen=True)
class JudgedCell:
    """One cell of a matrix.

    Attributes:
        gain: the change of the score, positive = better than without transfer.
        p: of "the true change is at most the margin, in either direction".
        p_adjusted: the same, corrected over all cells of the matrix.
        verdict: one of `CELL_WORDS`.
        open: whether more trainings could still decide it.
    """

    gain: Difference
    p: float
    p_adjusted: float
    verdict: str
    open: bool


def beyond_margin(gain: Difference, margin: float) -> float:
    """Return the p-value of "the true change lies within the margin", in either direction.

    Twice the one-sided tail at `|estimate| - margin`: below 0.05 exactly when the interval of 95 %
    lies beyond the margin. 1 where a side has one training, which says nothing of another.

    Args:
        gain: the change.
        margin: in the metric's unit, >= 0.
    """
    room = abs(gain.estimate) - margin
    if gain.seed_variance_unknown or room <= 0.0:
        return 1.0
    if gain.standard_error <= 1e-12 * abs(gain.estimate):
        return max(2.0 ** (1 - gain.n_examples), 5e-324)
    return min(1.0, 2.0 * float(tails(gain.uncertainty).beyond(room)[0]))


def judge_cells(
    gains: Sequence[Difference],
    *,
    margin: float,
    alpha: float = 0.05,
    looks: int = 1,
    most_runs: int = 0,
) -> list[JudgedCell]:
    """Give each cell of one matrix its word, with the false-discovery rate held over all cells.

    `beneficial` or `harmful` where the adjusted p of a change beyond the margin is below the
    level; `neutral` where the adjusted p of "the change is at least the margin" is (two one-sided
    tests); else `undecided`, which is no claim that nothing happens. Both families are corrected
    by Benjamini and Hochberg over all cells. Where a matrix is looked at several times, each look
    is held to alpha / looks, which is valid however the looks depend on one another.

    Args:
        gains: one change per cell, positive = better.
        margin: smallest change of interest, in the metric's unit, > 0.
        alpha: share of the words `beneficial` and `harmful` that may be wrong.
        looks: how often the matrix is judged while trainings are added.
        most_runs: trainings of a cell at the end; an undecided cell with fewer is `open` where the
            further ones would shrink what it can find by a tenth or more.

    Returns:
        One judgement a cell, in the same order.
    """
    level = alpha / looks
    p_values = [beyond_margin(one, margin) for one in gains]
    within = benjamini_hochberg([no_effect_of_interest(one, margin) for one in gains])
    judged: list[JudgedCell] = []
    for one, p, adjusted, none in zip(
        gains, p_values, benjamini_hochberg(p_values), within, strict=True
    ):
        if adjusted < level:
            verdict = "beneficial" if one.estimate > 0.0 else "harmful"
        else:
            verdict = "neutral" if none < level else "undecided"
        is_open = verdict == "undecided" and _more_would_help(one, margin, level, most_runs)
        judged.append(JudgedCell(one, p, adjusted, verdict, is_open))
    return judged


def _more_would_help(gain: Difference, margin: float, level: float, most_runs: int) -> bool:
    """Return whether further trainings could decide: from the variance, never the estimate."""
    if gain.n_seeds >= most_runs:
        return False
    if gain.seed_variance_unknown:
        return True
    now = gain.mde_at(level, _POWER)
    later = prospect(gain.uncertainty, most_runs).mde(level, _POWER)
    return now > margin and later <= _WORTHWHILE * now


def category(verdicts: Sequence[str], words: tuple[str, str, str]) -> str:
    """Return what a language is like, from the words of its cells.

    The first word where at least 60 % of the cells are beneficial and at most 10 % harmful, the
    second where at least 60 % are harmful, the third where at least 80 % are neutral; `selective`
    where beneficial and harmful cells are at least 60 % together without that; else `undecided`,
    which open cells make likely. These thresholds are ours.

    Args:
        verdicts: of the cells of one row or column, the language itself left out.
        words: `GIVER_WORDS` or `TAKER_WORDS`.

    Example:
        >>> category(["beneficial"] * 7 + ["undecided"] * 3, GIVER_WORDS)
        'donor'
        >>> category(["beneficial", "harmful", "beneficial", "harmful"], TAKER_WORDS)
        'selective'
    """
    if not verdicts:
        return "undecided"
    share = shares(verdicts)
    if share["beneficial"] >= _MOST and share["harmful"] <= _FEW:
        return words[0]
    if share["harmful"] >= _MOST:
        return words[1]
    if share["neutral"] >= _NEARLY_ALL:
        return words[2]
    decided = 1.0 - share["undecided"]
    both = share["beneficial"] > 0.0 and (share["harmful"] > 0.0 or share["neutral"] > 0.0)
    return "selective" if decided >= _MOST and (both or share["harmful"] > 0.0) else "undecided"


def shares(verdicts: Sequence[str]) -> Mapping[str, float]:
    """Return the share of each word of `CELL_WORDS` among cells; all 0 where there is none."""
    return {word: verdicts.count(word) / max(len(verdicts), 1) for word in CELL_WORDS}
