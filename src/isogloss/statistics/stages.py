"""A table of comparisons over the analyses of a sequential design: which are decided, and when."""

from collections.abc import Sequence
from dataclasses import dataclass

from isogloss.core import Metric
from isogloss.statistics.difference import Difference
from isogloss.statistics.power import prospect
from isogloss.statistics.sequential import Look, SequentialDesign
from isogloss.statistics.verdicts import POWER, Judgement, judge, smallest_of

# More seeds are worth running where they shrink what can be found by a tenth or more.
_WORTHWHILE = 0.9


@dataclass(frozen=True)
class Comparison:
    """What is known of one comparison at each analysis.

    Attributes:
        stages: the comparison with the seeds of each analysis; None where they are not there.
        plateau: whether a side has not left the unigram plateau, as of the seeds that are there.
    """

    stages: tuple[Difference | None, ...]
    plateau: bool = False


def judge_stages(
    comparisons: Sequence[Comparison],
    metric: Metric,
    design: SequentialDesign,
    *,
    words: tuple[str, str],
    smallest_effect: float | None = None,
    alpha: float = 0.05,
) -> list[Judgement]:
    """Give each comparison the verdict of the analysis that decided it, or of the latest one.

    After every analysis the comparisons that are significant are closed, with the seeds they had.
    So are those whose variance alone says that more seeds decide nothing: the smallest effect of
    interest would have been found with a power of 0.8 already, or the most seeds would hardly
    shrink what can be found. The rest is open, and waits for further seeds. Levels are Holm's over
    the comparisons, each spent over its own analyses.

    Args:
        comparisons: of one table.
        metric: of all of them.
        design: analyses and their seeds.
        words: for significant differences, as in `judge`.
        smallest_effect: in the metric's unit; None = the metric's own.
        alpha: level after Holm's correction, of the whole procedure.

    Returns:
        One judgement a comparison, in the same order; `open` says which of them more seeds could
        still decide.

    Reference:
        Willi Maurer and Frank Bretz (2013). Multiple Testing in Group Sequential Trials Using
        Graphical Approaches. https://doi.org/10.1080/19466315.2013.807748
    """
    stand: list[tuple[Difference, Look]] = []
    judged: list[Judgement] = []
    level = alpha / max(1, len(comparisons))
    for analysis in range(len(design.seeds)):
        for index, one in enumerate(comparisons):
            found = one.stages[analysis]
            is_new = index >= len(stand)
            if found is None or not (is_new or judged[index].open):
                continue
            smallest = smallest_of(found, metric, smallest_effect)
            last = one.plateau or _is_last(found, design, analysis, smallest, level)
            entry = (found, Look(design, analysis, last))
            stand[index : index + 1] = [entry]
        judged = judge(
            [found for found, _ in stand],
            metric,
            words=words,
            smallest_effect=smallest_effect,
            alpha=alpha,
            on_plateau=[one.plateau for one in comparisons],
            looks=[look for _, look in stand],
        )
    return judged


def _is_last(
    found: Difference, design: SequentialDesign, analysis: int, smallest: float, level: float
) -> bool:
    """Return whether more seeds would decide nothing: from the variance, never the estimate."""
    if analysis == len(design.seeds) - 1 or found.seed_variance_unknown:
        return True
    at_last = design.nominal(level, analysis, last=True)
    now = found.mde_at(at_last, POWER)
    later = prospect(found.uncertainty, design.seeds[-1]).mde(at_last, POWER)
    return now <= smallest or later > _WORTHWHILE * now
