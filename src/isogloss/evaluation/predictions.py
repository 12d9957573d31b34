"""Per-example predictions and counts of one cell of a results table, and their file."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from isogloss.core import (
    METRICS,
    SETTINGS,
    SEVERAL,
    InputError,
    Language,
    Metric,
    look_up,
    replacing,
)

KEY_COLUMNS: Final = ("task", "metric", "setting", "source_language", "target_language")
PREDICTION_COLUMNS: Final = (*KEY_COLUMNS, "example", "counts", "prediction")


@dataclass(frozen=True)
class Cell:
    """Which number of a results table the predictions belong to.

    Args:
        task: "masked_lm", "ner", ...
        metric: key of `isogloss.core.METRICS`.
        setting: "within_language" or "zero_shot".
        source_language: trained on its labels; `SEVERAL` where a model that was fine-tuned on
            several languages is tested on another one.
        target_language: tested on it.

    Raises:
        InputError: no such metric or setting.
    """

    task: str
    metric: str
    setting: str
    source_language: Language
    target_language: Language

    def __post_init__(self) -> None:
        look_up(METRICS, self.metric, "metric")
        look_up({name: name for name in SETTINGS}, self.setting, "setting")

    @classmethod
    def of(cls, task: str, metric: str, source: Language, target: Language) -> "Cell":
        """Return the cell with the setting that follows from the two languages."""
        setting = "within_language" if source == target else "zero_shot"
        return cls(task, metric, setting, source, target)


@dataclass(frozen=True, eq=False)
class PredictionTable:
    """One model's predictions for the test examples of one cell.

    Args:
        cell: what was tested.
        counts: what each example adds to the metric, shape [n_examples, k].
        predictions: what the model said about each example, as text.

    Raises:
        ValueError: the counts don't fit the metric or the predictions.
    """

    cell: Cell
    counts: NDArray[np.float64]
    predictions: tuple[str, ...]

    def __post_init__(self) -> None:
        wanted = (len(self.predictions), len(self.metric.counts))
        if self.counts.shape != wanted:
            raise ValueError(
                f"counts of {self.cell.metric} should have shape {wanted}. "
                f"Found {self.counts.shape}."
            )

    @property
    def metric(self) -> Metric:
        """The metric of the cell."""
        return METRICS[self.cell.metric]

    @property
    def n_examples(self) -> int:
        """Number of test examples."""
        return len(self.predictions)

    def score(self) -> float:
        """Return the metric's value at the summed counts."""
        return float(self.metric.value(self.counts.sum(axis=0)))

    def frame(self) -> pd.DataFrame:
        """Return one row an example, with `PREDICTION_COLUMNS`."""
        cell = self.cell
        columns = {name: str(getattr(cell, name)) for name in KEY_COLUMNS}
        return pd.DataFrame(
            {
                **{name: [value] * self.n_examples for name, value in columns.items()},
                "example": range(self.n_examples),
                "counts": self.counts.tolist(),
                "prediction": list(self.predictions),
            },
            columns=list(PREDICTION_COLUMNS),
        )


def stacked_counts(tables: Sequence[PredictionTable]) -> NDArray[np.float64]:
    """Return the counts of one cell for several seeds, shape [n_seeds, n_examples, k].

    Raises:
        ValueError: the tables are of different cells or numbers of examples.
    """
    kinds = {(table.cell, table.n_examples) for table in tables}
    if len(kinds) != 1:
        raise ValueError(f"tables should be of one cell and one test set. Found {kinds}.")
    return np.stack([table.counts for table in tables])


def write_predictions(tables: Sequence[PredictionTable], path: Path) -> None:
    """Write the tables to one parquet file, whole or not at all.

    Raises:
        InputError: the file cannot be written.
    """
    frames = [table.frame() for table in tables]
    empty = pd.DataFrame(columns=list(PREDICTION_COLUMNS))
    frame = pd.concat(frames, ignore_index=True) if frames else empty
    with replacing(path) as partial:
        frame.to_parquet(partial, index=False)


def read_predictions(path: Path) -> list[PredictionTable]:
    """Read the tables that `write_predictions` wrote, in the same order.

    Raises:
        InputError: the file is missing, damaged, or not one of ours.
    """
    try:
        frame = pd.read_parquet(path)
        groups = frame.groupby(list(KEY_COLUMNS), sort=False)
        return [_table(tuple(map(str, key)), rows) for key, rows in groups]
    except (OSError, ValueError, KeyError) as error:
        raise InputError(
            expected="a predictions.parquet that isogloss wrote",
            found=f"{type(error).__name__}: {error}",
            where=str(path),
            next_step="Remove the run's folder and run the study again: it is rebuilt.",
        ) from error


def _table(key: tuple[str, ...], rows: pd.DataFrame) -> PredictionTable:
    """Return one group of rows as a table, in the order of the examples."""
    task, metric, setting, source, target = key
    rows = rows.sort_values("example")
    learned = SEVERAL if source == str(SEVERAL) else Language.parse(source)
    cell = Cell(task, metric, setting, learned, Language.parse(target))
    return PredictionTable(cell, np.stack(rows["counts"].tolist()), tuple(rows["prediction"]))
