"""From the comparisons of one table to one word each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from isogloss.core import Metric
from isogloss.statistics.difference import Difference
from isogloss.statistics.holm import holm

# (significant and positive, significant and negative).
INTERFERENCE_WORDS: Final = ("HURT", "HELPED")
GAIN_WORDS: Final = ("BETTER", "WORSE")

ONE_SEED_NOTE: Final = (
    "ONE SEED: the interval and p are about test examples only; "
    "another training may turn the verdict. Run 3 or more seeds."
)


@dataclass(frozen=True)
class Judgement:
    """One row of a table of verdicts.

    Attributes:
        difference: the comparison that was judged.
        p_holm: its p-value, adjusted for all comparisons of the table.
        verdict: a word for a significant difference, "INCONCLUSIVE" or "UNDERPOWERED".
        smallest_effect: smallest difference of practical interest, in the metric's unit.
        note: what a reader must know beside the verdict, or "".
    """

    difference: Difference
    p_holm: float
    verdict: str
    smallest_effect: float
    note: str


def judge(
    differences: Sequence[Difference],
    metric: Metric,
    *,
    words: tuple[str, str] = INTERFERENCE_WORDS,
    smallest_effect: float | None = None,
    alpha: float = 0.05,
) -> list[Judgement]:
    """Give each comparison of one table its verdict.

    HURT (or BETTER) if the Holm-adjusted p is below alpha and the difference positive; HELPED (or
    WORSE) if it is below alpha and negative. Otherwise UNDERPOWERED if the minimum detectable
    effect exceeds the smallest effect of interest (the study could have missed a difference that
    matters), else INCONCLUSIVE (it would most likely have found one).

    Args:
        differences: the languages of one table: interferences, or gains (`Difference.as_gain`).
        metric: of all of them.
        words: `INTERFERENCE_WORDS` or `GAIN_WORDS`.
        smallest_effect: in the metric's unit; None = the metric's own (0.02, or 2 % of the
            reference's score for bits per byte).
        alpha: level after Holm's correction.

    Returns:
        One judgement a difference, in the same order.
    """
    adjusted = holm([one.p for one in differences])
    return [
        _judgement(one, p_holm, _smallest(one, metric, smallest_effect), words, alpha)
        for one, p_holm in zip(differences, adjusted, strict=True)
    ]


def _smallest(one: Difference, metric: Metric, given: float | None) -> float:
    """Return the smallest effect of interest in the metric's unit."""
    if given is not None:
        return given
    scale = abs(one.reference) if metric.relative else 1.0
    return metric.smallest_effect * scale


def _judgement(
    one: Difference, p_holm: float, smallest: float, words: tuple[str, str], alpha: float
) -> Judgement:
    """Return the verdict of one comparison."""
    if p_holm < alpha and one.estimate != 0.0:
        verdict = words[0] if one.estimate > 0.0 else words[1]
    else:
        verdict = "UNDERPOWERED" if one.mde > smallest else "INCONCLUSIVE"
    note = ONE_SEED_NOTE if one.seed_variance_unknown else ""
    return Judgement(one, p_holm, verdict, smallest, note)
