"""From the counts of cells to their words, and to what languages are like."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from isogloss.core import MATRIX_TABLES, METRICS, Language
from isogloss.data import task_card
from isogloss.statistics import Difference, difference, judge_cells
from isogloss.transfer.arms import Company, Effect
from isogloss.transfer.scoring import CellStore, Place
from isogloss.transfer.spec import MASKED_LM, MatrixSpec

Key = tuple[int, str, Language]
"""Number of an effect, task, target."""
Part = tuple[str, str, str, int]
"""Task, metric, arm, updates: cells are corrected within it."""

FEW_EXAMPLES: Final = 50
"""Test sets below are too small for a word: one sentence moves the cell."""


@dataclass(frozen=True)
class Row:
    """One cell: an effect on a target, by one metric of one task.

    Attributes:
        effect: what is compared.
        task: name.
        metric: key of `METRICS`.
        target: language that is tested.
        change: of the score, positive = better, over the runs that are there.
        margin: smallest change of interest, in the metric's unit.
        verdict: word of the cell.
        p: of a change within the margin.
        p_adjusted: corrected over the cells of its part.
        is_open: whether more runs could decide it.
    """

    effect: Effect
    task: str
    metric: str
    target: Language
    change: Difference
    margin: float
    verdict: str = "undecided"
    p: float = 1.0
    p_adjusted: float = 1.0
    is_open: bool = False

    @property
    def part(self) -> Part:
        """The cells that it is corrected with."""
        return self.task, self.metric, self.effect.arm, self.effect.updates


@dataclass(frozen=True)
class Measured:
    """What a matrix has measured.

    Attributes:
        spec: what was asked for.
        rows: all cells, judged.
        open_cells: those that more runs could decide, by a task's first metric.
        wanted: runs of each cell.
        planned: all effects.
    """

    spec: MatrixSpec
    rows: tuple[Row, ...]
    open_cells: tuple[Key, ...]
    wanted: Mapping[Key, int]
    planned: Sequence[Effect]


def measure(cells: CellStore, planned: Sequence[Effect], wanted: Mapping[Key, int]) -> Measured:
    """Compare and judge all cells.

    Args:
        cells: whose scores are there.
        planned: all effects.
        wanted: number of runs of each cell.
    """
    spec = cells.units.material.spec
    found: list[tuple[Key, Row]] = [
        ((index, task, target), row)
        for (index, task, target), runs in wanted.items()
        for row in _compared(cells, planned[index], task, target, runs)
    ]
    judged = _judged(spec, [row for _, row in found])
    first = {task: first_metric(task) for task in spec.tasks}
    still_open = [
        key
        for (key, _), row in zip(found, judged, strict=True)
        if row.is_open and row.metric == first[row.task]
    ]
    return Measured(spec, tuple(judged), tuple(still_open), dict(wanted), planned)


def first_metric(task: str) -> str:
    """Return the metric that a task is first scored by."""
    return "bits_per_byte" if task == MASKED_LM else task_card(task).metric


def counts_of(
    cells: CellStore, task: str, companies: Sequence[Company], target: Language, metric: str
) -> NDArray[np.float64]:
    """Return the counts of a cell's runs, shape [runs, examples, k]."""
    return np.stack([cells.read(Place(task, one, target))[0][metric] for one in companies]).astype(
        np.float64
    )


def _compared(
    cells: CellStore, effect: Effect, task: str, target: Language, runs: int
) -> Iterator[Row]:
    """Compare the runs of one cell by each metric of its task."""
    metrics = [first_metric(task)]
    if task != MASKED_LM:
        metrics = list(task_card(task).metrics)
    for metric in metrics:
        reference, treated = (
            counts_of(cells, task, side[:runs], target, metric)
            for side in (effect.reference, effect.treated)
        )
        one = METRICS[metric]
        # The baseline is the same in every run: its pairs vary as the treated side does.
        change = difference(reference, treated, one, paired_seeds=True).as_gain()
        margin = cells.units.material.spec.margin * (abs(change.reference) if one.relative else 1.0)
        yield Row(effect, task, metric, target, change, margin)


def _judged(spec: MatrixSpec, rows: Sequence[Row]) -> list[Row]:
    """Judge the cells of each part together."""
    parts: dict[Part, list[int]] = {}
    for index, row in enumerate(rows):
        parts.setdefault(row.part, []).append(index)
    found = list(rows)
    for members in parts.values():
        # A relative margin is another one in each cell: changes are judged in units of it.
        scaled = [_in_margins(rows[index]) for index in members]
        words = judge_cells(
            scaled,
            margin=1.0,
            alpha=spec.alpha,
            looks=len(spec.stages),
            most_runs=spec.most_runs,
        )
        for index, one in zip(members, words, strict=True):
            few = rows[index].change.n_examples < FEW_EXAMPLES
            found[index] = replace(
                rows[index],
                verdict="undecided" if few else one.verdict,
                p=one.p,
                p_adjusted=one.p_adjusted,
                is_open=one.open and not few,
            )
    return found


def _in_margins(row: Row) -> Difference:
    """Return a change in units of its margin."""
    return row.change.scaled(1.0 / row.margin)


def frame_of(name: str, rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Return a table with the columns of its contract."""
    return pd.DataFrame(list(rows), columns=list(MATRIX_TABLES[name].columns))


def part_of(row: Row) -> dict[str, Any]:
    """Return task, metric, arm and updates of a cell."""
    return dict(zip(("task", "metric", "arm", "updates"), row.part, strict=True))


def cell_rows(found: Measured) -> Iterator[dict[str, Any]]:
    """Yield the rows of `cells.csv`."""
    unseen = set(found.spec.unseen)
    for row in found.rows:
        change = row.change
        yield {
            **part_of(row),
            "transfer": row.effect.label,
            "target": str(row.target),
            "unseen_transfer": any(one in unseen for one in row.effect.transfer),
            "unseen_target": row.target in unseen,
            "baseline": change.reference,
            "value": change.treated,
            "gain": change.estimate,
            "ci_low": change.ci_low,
            "ci_high": change.ci_high,
            # Relative to next to nothing it says nothing.
            "gain_relative": change.estimate / change.reference
            if change.reference > 0.05
            else np.nan,
            "p": row.p,
            "p_adjusted": row.p_adjusted,
            "verdict": row.verdict,
            "open": row.is_open,
            "margin": row.margin,
            "n_runs": change.n_seeds,
            "n_examples": change.n_examples,
        }


def run_rows(found: Measured, cells: CellStore) -> Iterator[dict[str, Any]]:
    """Yield the rows of `runs.csv`: one per cell, run and metric, as the records have them."""
    spec = found.spec
    for (index, task, target), runs in found.wanted.items():
        effect = found.planned[index]
        for run in range(runs):
            place = Place(task, effect.treated[run], target)
            counts, about = cells.read(place)
            before, _ = cells.read(Place(task, effect.reference[run], target))
            for metric, one in counts.items():
                value, base = (
                    float(METRICS[metric].value(side.sum(axis=0))) for side in (one, before[metric])
                )
                sign = 1.0 if METRICS[metric].higher_is_better else -1.0
                yield {
                    "model": spec.model.rstrip("/").rpartition("/")[2],
                    "task": task,
                    "metric": metric,
                    "arm": effect.arm,
                    "updates": effect.updates,
                    "transfer": effect.label,
                    "target": str(target),
                    "run": run,
                    "seed": spec.seed * 1000 + run,
                    "baseline": base,
                    "score": value,
                    "gain": sign * (value - base),
                    "n_test": len(one),
                    "status": "done",
                    "core_seconds": about["core_seconds"],
                    "cell": cells.path(place).stem,
                }
