"""From the comparisons of two finished systems to one word each."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from isogloss.core import look_up
from isogloss.statistics.false_discovery import CORRECTIONS
from isogloss.statistics.systems import SystemDifference
from isogloss.statistics.verdicts import smallest_of

SYSTEM_VERDICTS: Final = ("HURT", "UNDECIDED", "NO DIFFERENCE", "HELPED")
EXAMPLES_ONLY_NOTE: Final = (
    "One checkpoint a side: intervals and p-values are about other test examples for these two "
    "models, not about another training."
)
_POWER: Final = 0.8


@dataclass(frozen=True)
class SystemJudgement:
    """One row of a comparison of two finished systems.

    Attributes:
        found: the comparison that was judged.
        ci_low: lower end of its interval, not corrected for the number of rows.
        ci_high: upper end.
        p: not corrected.
        p_adjusted: corrected for all rows of the table.
        p_no_difference: of "the difference is of interest", corrected alike.
        verdict: one of `SYSTEM_VERDICTS`.
        smallest_effect: smallest difference of interest, in the metric's unit.
        level: what its own p-value must be below in this table.
        mde: true difference found with probability 0.8 at `level`.
        power: probability of finding `smallest_effect` at `level`.
        examples_needed: of an UNDECIDED row, examples that find `smallest_effect` with probability
            0.8 at `level`; nan for every other verdict.
    """

    found: SystemDifference
    ci_low: float
    ci_high: float
    p: float
    p_adjusted: float
    p_no_difference: float
    verdict: str
    smallest_effect: float
    level: float
    mde: float
    power: float
    examples_needed: float


def judge_systems(
    found: Sequence[SystemDifference],
    *,
    smallest_effect: float | None = None,
    alpha: float = 0.05,
    correction: str = "holm",
) -> list[SystemJudgement]:
    """Give each row of one table its verdict.

    NO DIFFERENCE (of interest) where two one-sided tests reject a difference as large as the
    smallest effect of interest: a finding, not an absence, and it stands where a difference is
    significant but smaller than that. Else HURT or HELPED where the corrected p is below alpha.
    Else UNDECIDED, with the number of examples that would be enough.

    Args:
        found: the languages and slices of one table, which are corrected together.
        smallest_effect: in the metric's unit; None = each metric's own.
        alpha: level of the table.
        correction: a key of `CORRECTIONS`.

    Returns:
        One judgement a row, in the same order.

    Raises:
        InputError: the correction is not known.

    Example:
        >>> from isogloss.core import METRICS
        >>> from isogloss.statistics import system_difference
        >>> right = [[1, 1]] * 700 + [[0, 1]] * 300
        >>> worse = [[1, 1]] * 640 + [[0, 1]] * 360
        >>> rows = [system_difference(right, one, METRICS["accuracy"]) for one in (worse, right)]
        >>> [one.verdict for one in judge_systems(rows)]
        ['HURT', 'NO DIFFERENCE']
    """
    method = look_up(CORRECTIONS, correction, "correction")
    smallest = [smallest_of(one.difference, one.metric, smallest_effect) for one in found]
    p_values = [one.p for one in found]
    p_none = [one.p_no_difference(margin) for one, margin in zip(found, smallest, strict=True)]
    rows = zip(
        found,
        smallest,
        method.levels(p_values, alpha),
        method.adjust(p_values),
        method.adjust(p_none),
        strict=True,
    )
    return [_judgement(*row, alpha=alpha) for row in rows]


def _judgement(
    one: SystemDifference,
    smallest: float,
    level: float,
    p_adjusted: float,
    p_none: float,
    *,
    alpha: float,
) -> SystemJudgement:
    verdict = _verdict(one, p_adjusted, p_none, alpha)
    low, high = one.interval(alpha)
    is_open = verdict == "UNDECIDED" and smallest > 0.0
    return SystemJudgement(
        found=one,
        ci_low=low,
        ci_high=high,
        p=one.p,
        p_adjusted=p_adjusted,
        p_no_difference=p_none,
        verdict=verdict,
        smallest_effect=smallest,
        level=level,
        mde=one.mde(level, _POWER),
        power=one.power(smallest, level),
        examples_needed=one.examples_needed(smallest, level, _POWER) if is_open else math.nan,
    )


def _verdict(one: SystemDifference, p_adjusted: float, p_none: float, alpha: float) -> str:
    if p_none < alpha:
        return "NO DIFFERENCE"
    if p_adjusted < alpha and one.estimate != 0.0:
        return "HURT" if one.estimate > 0.0 else "HELPED"
    return "UNDECIDED"
