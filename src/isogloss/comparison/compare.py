"""From two systems' scores to a table of verdicts, the examples that changed, and what is open."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Final

import numpy as np
import pandas as pd

from isogloss.comparison.cells import LANGUAGE, MEAN, Cell, cells
from isogloss.comparison.flips import flips
from isogloss.comparison.pairing import Paired, pair
from isogloss.comparison.scored import Scored
from isogloss.core import COMPARISON_TABLES
from isogloss.statistics import EXAMPLES_ONLY_NOTE, SystemJudgement, judge_systems

_FEW: Final = "fewer than 2 examples or clusters"
_ORDER: Final = {MEAN: 0, LANGUAGE: 1}


@dataclass(frozen=True)
class Choices:
    """How two systems are compared.

    Attributes:
        by: columns to compare by besides the language (`label`, `domain`, `script`, `length`).
        smallest_effect: smallest difference of interest, in the metric's unit; None = each
            metric's own.
        alpha: level of the table.
        correction: "holm", "bh" or "by".
        paired_seeds: a seed of one side belongs to the same seed of the other.
    """

    by: Sequence[str] = ()
    smallest_effect: float | None = None
    alpha: float = 0.05
    correction: str = "holm"
    paired_seeds: bool = False


@dataclass(frozen=True)
class Comparison:
    """Two systems, compared.

    Attributes:
        rows: columns of `COMPARISON_TABLES["comparison"]`: the mean over languages, then languages
            from the most harmed on, then slices.
        flips: examples whose score changed, from the most harmed on, with the columns of
            `COMPARISON_TABLES["flips"]`.
        notices: what was left out, and what the numbers do not say.
        choices: how it was made.
        base: where BASE's scores came from.
        new: where NEW's came from.
        answered: share of BASE's rows of each language that NEW has too.
    """

    rows: pd.DataFrame
    flips: pd.DataFrame
    notices: tuple[str, ...]
    choices: Choices
    base: str
    new: str
    answered: Mapping[str, float] = field(default_factory=dict)

    @property
    def languages(self) -> pd.DataFrame:
        """The rows of languages, from the most harmed on."""
        return self.rows[self.rows["view"] == LANGUAGE]

    def about(self) -> dict[str, object]:
        """Return how it was made, as plain data."""
        choices = {**asdict(self.choices), "by": list(self.choices.by)}
        return {"base": self.base, "new": self.new, **choices, "notices": list(self.notices)}


def compare_scores(base: Scored, new: Scored, choices: Choices | None = None) -> Comparison:
    """Compare two systems, language by language and slice by slice.

    All rows but the mean are one family: their p-values are corrected together. Where a language
    has several tasks of one metric, its row is the mean over them.

    Args:
        base: the reference.
        new: the other system.
        choices: how; None = as they stand in `Choices`.

    Returns:
        The comparison.

    Raises:
        InputError: the systems share no example, a task is scored in two ways, or a column to
            compare by is not there.

    Example:
        >>> from isogloss.comparison import make_scored
        >>> names = [str(i) for i in range(400)]
        >>> table = pd.DataFrame({"example": names, "language": "sw", "score": [1] * 400})
        >>> worse = table.assign(score=[0] * 40 + [1] * 360)
        >>> found = compare_scores(make_scored(table, source="a"), make_scored(worse, source="b"))
        >>> found.languages[["language", "broke", "verdict"]].values.tolist()
        [['swa-Latn', 40, 'HURT']]
    """
    chosen = choices or Choices()
    paired = pair(base, new)
    found = cells(paired, chosen.by, paired_seeds=chosen.paired_seeds)
    means = [one for one in found if one.view == MEAN]
    others = [one for one in found if one.view != MEAN]
    rows = [*_judged(means, paired, chosen), *_judged(others, paired, chosen)]
    table = pd.DataFrame(rows, columns=list(COMPARISON_TABLES["comparison"].columns))
    order = pd.DataFrame({"view": [_ORDER.get(str(one), 2) for one in table["view"]]})
    order = order.assign(name=table["view"], harm=-table["harm"].fillna(-math.inf))
    table = table.loc[order.sort_values(["view", "name", "harm"], kind="stable").index]
    notices = [*paired.notices, *_notes(paired, table)]
    return Comparison(
        table.reset_index(drop=True),
        flips(paired),
        tuple(notices),
        chosen,
        base.source,
        new.source,
        paired.answered,
    )


def _judged(found: Sequence[Cell], paired: Paired, choices: Choices) -> list[dict[str, object]]:
    """Return the rows of one family."""
    compared = [one.found for one in found if one.found is not None]
    judged = iter(
        judge_systems(
            compared,
            smallest_effect=choices.smallest_effect,
            alpha=choices.alpha,
            correction=choices.correction,
        )
    )
    return [_row(one, next(judged) if one.found else None, paired) for one in found]


def _row(cell: Cell, judged: SystemJudgement | None, paired: Paired) -> dict[str, object]:
    row: dict[str, object] = {
        "view": cell.view,
        "language": cell.language,
        "task": cell.task,
        "slice": cell.value,
        "metric": cell.metric.name,
        "n_examples": cell.n_examples,
        "broke": cell.worse,
        "mended": cell.better,
        "n_seeds_base": len(paired.base),
        "n_seeds_new": len(paired.new),
    }
    if judged is None:
        return row | {"verdict": "UNDECIDED", "note": _FEW}
    found = judged.found
    return row | {
        "base": found.base,
        "new": found.new,
        "harm": found.estimate,
        "ci_low": judged.ci_low,
        "ci_high": judged.ci_high,
        "p": judged.p,
        "p_adjusted": judged.p_adjusted,
        "verdict": judged.verdict,
        "p_no_difference": judged.p_no_difference,
        "smallest_effect": judged.smallest_effect,
        "level": judged.level,
        "mde": judged.mde,
        "power": judged.power,
        "examples_needed": judged.examples_needed,
        "test": found.test,
        "note": "",
        "n_clusters": found.n_units if found.clustered else np.nan,
    }


def _notes(paired: Paired, table: pd.DataFrame) -> list[str]:
    """Say once what the numbers are about."""
    said = []
    if min(len(paired.base), len(paired.new)) < 2:
        said.append(EXAMPLES_ONLY_NOTE)
    if (table["note"] == _FEW).any():
        rows = table[table["note"] == _FEW]
        names = ", ".join(dict.fromkeys((rows["language"] + " " + rows["slice"]).str.strip()))
        said.append(f"{len(rows)} rows have {_FEW} and no numbers: {names}.")
    return said
