"""Where a run keeps its files."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from isogloss.core import read_json, write_atomically


@dataclass(frozen=True)
class RunFolder:
    """Where a run keeps its files.

    Attributes:
        path: `OUT/runs/<run_id>`.
    """

    path: Path

    @property
    def model(self) -> Path:
        """The saved model, a Hugging Face folder."""
        return self.path / "model"

    @property
    def predictions(self) -> Path:
        """Per-example counts of every test; without a row for a pretraining."""
        return self.path / "predictions.parquet"

    @property
    def result(self) -> Path:
        """Written last: it is there if and only if the run is finished."""
        return self.path / "result.json"

    def measured(self, name: str) -> Path:
        """Rows of a measurement that was made with the run."""
        return self.path / "measured" / f"{name}.parquet"

    def is_finished(self) -> bool:
        """Return whether the run need not be repeated."""
        return self.result.is_file()

    def read_result(self) -> dict[str, Any]:
        """Return updates, passes, seconds, memory and rows of each language.

        Raises:
            InputError: the file is damaged.
        """
        return read_json(
            self.result,
            what="the result.json of a finished run",
            next_step="Remove the run's folder and run the study again: only it is repeated.",
        )

    def write_status(self, status: str) -> None:
        """Note in one word how far the run is, for people who look into the folder."""
        write_atomically(self.path / "status", status + "\n")


def run_folder(study: Path, run_id: str) -> RunFolder:
    """Return the folder of a run."""
    return RunFolder(study / "runs" / run_id)
