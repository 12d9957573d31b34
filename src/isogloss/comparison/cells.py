"""The rows of a comparison: languages, and slices of them, each with its difference."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from isogloss.comparison.pairing import Array, Paired
from isogloss.core import METRICS, InputError, Metric
from isogloss.statistics import SystemDifference, mean_system_difference, system_difference

Whole = NDArray[np.int64]
MEAN: Final = "mean"
LANGUAGE: Final = "language"
# Slices that go across languages; every other one is of a language.
_ACROSS: Final = frozenset({"script"})
_BINS: Final = 4
_MOST_VALUES: Final = 12


@dataclass(frozen=True)
class Cell:
    """One row.

    Attributes:
        view: `mean`, `language`, `task`, or the column that it is a slice by.
        language: as `swa-Latn`; "" for rows across languages.
        task: "" where the row is of several.
        value: of the slice; "" where it is none.
        metric: of its scores.
        n_examples: its examples; one with a row for each of several labels counts once.
        found: the difference; None where fewer than two units are left.
        worse: examples whose score is worse in NEW.
        better: examples whose score is better.
    """

    view: str
    language: str
    task: str
    value: str
    metric: Metric
    n_examples: int
    found: SystemDifference | None
    worse: int
    better: int


def cells(paired: Paired, by: Sequence[str], *, paired_seeds: bool) -> list[Cell]:
    """Return the rows of a comparison.

    Args:
        paired: the examples.
        by: columns to compare by besides the language; a language's tasks where there are several.
        paired_seeds: as in `difference`.

    Returns:
        First the mean over languages, then languages, then slices.

    Raises:
        InputError: a column of `by` does not exist, or has one value only.
    """
    views = [(MEAN, []), (LANGUAGE, [LANGUAGE])]
    about = paired.about
    if about["task"].nunique() > 1 and _has_shared_tasks(about):
        views.append(("task", [LANGUAGE, "task"]))
    for name in by:
        column = "script" if name == "script" else name
        if column != "task" or views[-1][0] != "task":
            views.append((name, [column] if name in _ACROSS else [LANGUAGE, column]))
    work = _Work(paired, paired_seeds)
    return [cell for view, columns in views for cell in work.cells(view, columns)]


def _has_shared_tasks(about: pd.DataFrame) -> bool:
    """Return whether a language has several tasks; `xnli_sw` and `xnli_fr` are one for each."""
    pairs = about[["task", "language"]].drop_duplicates()
    return bool(pairs["language"].duplicated().any())


class _Work:
    """The examples with what the cells are cut by."""

    def __init__(self, paired: Paired, paired_seeds: bool) -> None:
        self.paired = paired
        self.paired_seeds = paired_seeds
        self.table = paired.about
        groups = self.table.groupby(["metric", "task", "language"], observed=True, sort=False)
        self.strata = groups.ngroup().to_numpy()
        has_labels = self.table["label"].nunique() > 1
        # Rows of several labels are one example, and one cluster.
        self.examples = self._numbered() if has_labels else None

    def _numbered(self) -> Whole:
        names = self.table["task"].astype("str") + "\0" + self.table["example"]
        languages = self.table[LANGUAGE].astype("str")
        return pd.factorize(languages + "\0" + names)[0].astype(np.int64)

    def _n_examples(self, rows: Whole) -> int:
        return len(rows) if self.examples is None else len(np.unique(self.examples[rows]))

    def cells(self, view: str, columns: Sequence[str]) -> Iterator[Cell]:
        keys = [self._column(name) for name in columns]
        table = pd.DataFrame({str(i): key for i, key in enumerate([self.table["metric"], *keys])})
        groups = table.groupby(list(table), observed=True, sort=False).indices
        for names, rows in groups.items():
            # A key of one column is no tuple.
            metric, *values = names if isinstance(names, tuple) else (names,)
            said = dict(zip(columns, map(str, values), strict=True))
            yield self._cell(view, METRICS[str(metric)], said, np.asarray(rows))

    def _column(self, name: str) -> pd.Series:
        if name == "script" and name not in self.table:
            scripts = {one: str(one).split("-")[1] for one in self.table[LANGUAGE].cat.categories}
            return self.table[LANGUAGE].map(scripts)
        if name not in self.table or (name == "label" and (self.table[name] == "").all()):
            known = [one for one in self.table if one not in (LANGUAGE, "example", "metric")]
            raise InputError(
                expected=f"--by with columns of the scores: script, {', '.join(map(str, known))}",
                found=f"`{name}`",
                where="--by",
                next_step="Add the column to both files, or leave it out.",
            )
        return _binned(self.table[name])

    def _cell(self, view: str, metric: Metric, said: dict[str, str], rows: Whole) -> Cell:
        tasks = self.table["task"].iloc[rows].unique()
        value = next((said[name] for name in said if name not in (LANGUAGE, "task")), "")
        base, new = (side[:, rows] for side in (self.paired.base, self.paired.new))
        gap = _values(new, metric) - _values(base, metric)
        harm = -gap if metric.higher_is_better else gap
        return Cell(
            view=view,
            language=said.get(LANGUAGE, ""),
            task=str(tasks[0]) if len(tasks) == 1 else "",
            value=value,
            metric=metric,
            n_examples=self._n_examples(rows),
            found=self._difference(metric, rows),
            worse=int((harm > 0).sum()),
            better=int((harm < 0).sum()),
        )

    def _difference(self, metric: Metric, rows: Whole) -> SystemDifference | None:
        """Return the difference of some examples: the mean over tasks and languages, if several."""
        k = len(metric.counts)
        parts, groups = [], []
        strata = self.strata[rows]
        for stratum in np.unique(strata):
            of_it = rows[strata == stratum]
            units = self.paired.units[of_it]
            if len(np.unique(units)) >= 2:
                parts.append((self.paired.base[:, of_it, :k], self.paired.new[:, of_it, :k]))
                groups.append(units if len(np.unique(units)) < len(units) else None)
        if not parts:
            return None
        if len(parts) == 1:
            [(base, new)], [units] = parts, groups
            found = system_difference(
                base, new, metric, clusters=units, paired_seeds=self.paired_seeds
            )
        else:
            found = mean_system_difference(
                parts, metric, clusters=groups, paired_seeds=self.paired_seeds
            )
        return replace(found, n_examples=self._n_examples(rows))


def _values(counts: Array, metric: Metric) -> Array:
    """Return each example's own score, mean over seeds."""
    return metric.value(counts[..., : len(metric.counts)]).mean(axis=0)


def _binned(column: pd.Series) -> pd.Series:
    """Return numbers of many values as quarters, every other column as it is."""
    if not pd.api.types.is_numeric_dtype(column) or column.nunique() <= _MOST_VALUES:
        return column.astype("str").astype("category")
    quarters = pd.qcut(column, _BINS, duplicates="drop")
    names = {one: f"{one.left:g} to {one.right:g}" for one in quarters.cat.categories}
    return quarters.map(names)
