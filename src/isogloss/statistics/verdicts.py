"""From the comparisons of one table to one word each."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from isogloss.core import Metric
from isogloss.statistics.difference import Difference
from isogloss.statistics.equivalence import no_effect_of_interest
from isogloss.statistics.holm import holm, holm_levels
from isogloss.statistics.seeds import examples_needed, seeds_needed
from isogloss.statistics.sequential import Look, SequentialDesign

# (significant and positive, significant and negative).
INTERFERENCE_WORDS: Final = ("HURT", "HELPED")
GAIN_WORDS: Final = ("BETTER", "WORSE")

ONE_SEED_NOTE: Final = (
    "ONE SEED: no verdict. The interval and p are about test examples only; nothing is known of "
    "another training. Run 3 seeds or more."
)
PLATEAU_NOTE: Final = (
    "PLATEAU: no verdict. A model of this comparison predicts hardly better than token counts: "
    "the difference is one of how fast training starts. Train longer."
)
POWER: Final = 0.8
_ONLY: Final = Look(SequentialDesign((1,)), analysis=0, last=True)


@dataclass(frozen=True)
class Judgement:
    """One row of a table of verdicts.

    Attributes:
        difference: the comparison that was judged.
        p_holm: its p-value, adjusted for all comparisons of the table.
        verdict: a word for a significant difference, "INCONCLUSIVE", "UNDERPOWERED" or "UNDECIDED".
        smallest_effect: smallest difference of practical interest, in the metric's unit.
        level: what its own p-value must be below in this table, by Holm's method.
        mde: minimum detectable effect at `level`, in the metric's unit; nan with one seed.
        p_no_effect: of "the true difference is of interest", adjusted as `p_holm`.
        plateau: whether a side has not left the unigram plateau.
        analysis: of a sequential design, 0 for the first, at which the comparison stands.
        open: whether more seeds could still decide it.
    """

    difference: Difference
    p_holm: float
    verdict: str
    smallest_effect: float
    level: float
    mde: float
    p_no_effect: float
    plateau: bool
    analysis: int = 0
    open: bool = False

    # Computed when asked for: a sequential design judges its tables at every analysis.

    @cached_property
    def power(self) -> float:
        """Probability of finding `smallest_effect` at `level`; nan with one seed."""
        if self.difference.seed_variance_unknown:
            return math.nan
        return self.difference.power_at(self.smallest_effect, self.level)

    @cached_property
    def seeds_needed(self) -> float:
        """Seeds a side for a power of 0.8, of an UNDERPOWERED comparison.

        Infinity where only more test examples help; nan for every other verdict.
        """
        if self.verdict != "UNDERPOWERED":
            return math.nan
        return seeds_needed(self.difference, self.smallest_effect, alpha=self.level, power=POWER)

    @property
    def note(self) -> str:
        """What a reader must know beside the verdict, or ""."""
        if self.verdict == "UNDECIDED":
            return ONE_SEED_NOTE if self.difference.seed_variance_unknown else PLATEAU_NOTE
        if not math.isinf(self.seeds_needed):
            return ""
        return _more_examples(self.difference, self.smallest_effect, self.level)


def judge(
    differences: Sequence[Difference],
    metric: Metric,
    *,
    words: tuple[str, str] = INTERFERENCE_WORDS,
    smallest_effect: float | None = None,
    alpha: float = 0.05,
    on_plateau: Sequence[bool] | None = None,
    looks: Sequence[Look] | None = None,
) -> list[Judgement]:
    """Give each comparison of one table its verdict.

    UNDECIDED where a side has one seed or has not left the unigram plateau: no number of the table
    can carry a verdict then. HURT (or BETTER) if the Holm-adjusted p is below alpha and the
    difference positive; HELPED (or WORSE) if it is below alpha and negative. Otherwise INCONCLUSIVE
    if the smallest effect of interest would have been found with probability 0.8 by this very test,
    at the level that Holm's method holds it to; else UNDERPOWERED, with the number of seeds that
    would be enough.

    Args:
        differences: the languages of one table: interferences, or gains (`Difference.as_gain`).
        metric: of all of them.
        words: `INTERFERENCE_WORDS` or `GAIN_WORDS`.
        smallest_effect: in the metric's unit; None = the metric's own (0.02, or 2 % of the
            reference's score for bits per byte).
        alpha: level after Holm's correction.
        on_plateau: for each comparison, whether a side has not left the plateau; None = none.
        looks: for each comparison, which analysis of a sequential design it is; None = there is
            one analysis. Intervals, p-values and powers are then those of the whole procedure.

    Returns:
        One judgement a difference, in the same order.
    """
    stuck = [False] * len(differences) if on_plateau is None else list(on_plateau)
    seen = [_ONLY] * len(differences) if looks is None else list(looks)
    p_values = [look.adjusted(one.p) for look, one in zip(seen, differences, strict=True)]
    smallest = [smallest_of(one, metric, smallest_effect) for one in differences]
    adjusted = zip(
        differences,
        smallest,
        stuck,
        seen,
        holm_levels(p_values, alpha),
        holm(p_values),
        holm(list(map(no_effect_of_interest, differences, smallest))),
        strict=True,
    )
    return [
        _judgement(
            one.at(look.nominal(alpha)) if looks is not None else one,
            effect,
            plateau,
            look.nominal(level),
            p_values=(p_holm, p_none),
            words=words,
            alpha=alpha,
            look=look,
        )
        for one, effect, plateau, look, level, p_holm, p_none in adjusted
    ]


def smallest_of(one: Difference, metric: Metric, given: float | None) -> float:
    """Return the smallest effect of interest in the metric's unit."""
    if given is not None:
        return given
    scale = abs(one.reference) if metric.relative else 1.0
    return metric.smallest_effect * scale


def _judgement(
    one: Difference,
    smallest: float,
    plateau: bool,
    level: float,
    *,
    p_values: tuple[float, float],
    words: tuple[str, str],
    alpha: float,
    look: Look,
) -> Judgement:
    """Return the verdict of one comparison."""
    p_holm, p_none = p_values
    known = not one.seed_variance_unknown
    mde = one.mde_at(level, POWER) if known else math.nan
    if plateau or not known:
        verdict = "UNDECIDED"
    elif p_holm < alpha and one.estimate != 0.0:
        verdict = words[0] if one.estimate > 0.0 else words[1]
    else:
        verdict = "INCONCLUSIVE" if mde <= smallest else "UNDERPOWERED"
    return Judgement(
        difference=one,
        p_holm=p_holm,
        verdict=verdict,
        smallest_effect=smallest,
        level=level,
        mde=mde,
        p_no_effect=p_none,
        plateau=plateau,
        analysis=look.analysis,
        open=verdict == "UNDERPOWERED" and not look.last,
    )


def _more_examples(one: Difference, smallest: float, level: float) -> str:
    """Say what an underpowered comparison needs that no number of seeds decides."""
    needed = examples_needed(one, smallest, alpha=level, power=POWER)
    return (
        f"MORE TEST EXAMPLES: no number of seeds is enough with {one.n_examples:,} test examples; "
        f"at least {max(needed, one.n_examples + 1):,.0f} are needed."
    )
