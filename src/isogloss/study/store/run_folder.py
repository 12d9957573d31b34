"""Where a run keeps its files, and whether they are still what it wrote."""

import io
import json
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from isogloss.core import (
    InputError,
    digests_of,
    first_changed,
    is_sealed,
    read_json,
    sealed,
    write_atomically,
)

if TYPE_CHECKING:
    import pandas as pd


_NEXT: Final = "Remove the run's folder and run the study again: only it is repeated."
# Not of the result: what is on the way, or for people who look into the folder.
_BESIDE: Final = ("result.json", "status", "checkpoint", "tensorboard")


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
        what = "the result.json of a finished run"
        content = read_json(self.result, what=what, next_step=_NEXT)
        if not is_sealed(content):
            found = "a damaged file (it is not what was written)"
            raise InputError(expected=what, found=found, where=str(self.result), next_step=_NEXT)
        return content

    def finish(self, result: dict[str, Any]) -> None:
        """Write the result with the digests of all that the run leaves behind: it is finished."""
        files = [
            path
            for path in self.path.rglob("*")
            if path.is_file() and path.relative_to(self.path).parts[0] not in _BESIDE
        ]
        content = sealed({**result, "files": digests_of(self.path, files)})
        write_atomically(self.result, json.dumps(content, indent=1))

    def damaged(self, *, model: bool) -> Path | None:
        """Return the first file of a finished run that is not what the run wrote, or None.

        Runs that noted no digests are taken as they are.

        Args:
            model: look at the saved model, instead of at all else. A model may be removed to save
                space; only a run that starts from it needs it.
        """
        try:
            files: dict[str, str] = self.read_result().get("files", {})
        except InputError:
            return self.result
        kept = {name: one for name, one in files.items() if name.startswith("model/") == model}
        return first_changed(self.path, kept)

    def refuse_damaged(self, *, model: bool) -> None:
        """Refuse to use a finished run that is not what was written, see `damaged`.

        Raises:
            InputError: one of its files is gone or another.
        """
        found = self.damaged(model=model) if self.is_finished() else None
        if found is not None:
            raise InputError(
                expected="a run as it was written",
                found="a damaged file" if found.is_file() else "a file that is gone",
                where=str(found),
                next_step="Give the study's command again: what is damaged is made again.",
            )

    def write_status(self, status: str) -> None:
        """Note in one word how far the run is, for people who look into the folder."""
        write_atomically(self.path / "status", status + "\n")


def run_folder(study: Path, run_id: str) -> RunFolder:
    """Return the folder of a run."""
    return RunFolder(study / "runs" / run_id)


def remove_damaged(study: Path, run_ids: Iterable[str], *, model: bool) -> list[str]:
    """Remove finished runs that are damaged, so that they are made again, and say which.

    Args:
        study: folder of the study, which this process holds.
        run_ids: to look at; those that are not finished are left alone.
        model: look at the saved models, instead of at all else.

    Returns:
        One sentence for each run that was removed.
    """
    told: list[str] = []
    for run_id in run_ids:
        folder = run_folder(study, run_id)
        found = folder.damaged(model=model) if folder.is_finished() else None
        if found is not None:
            shutil.rmtree(folder.path)
            place = found.relative_to(folder.path)
            told.append(f"{run_id}: `{place}` is damaged or gone, so the run is made again.")
    return told


FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


def write_frame(frame: "pd.DataFrame", path: Path) -> None:
    """Write a table as CSV or parquet, by the file's suffix.

    In a CSV file, text that a spreadsheet would run as a formula gets an apostrophe in front;
    numbers stay numbers.
    """
    if path.suffix == ".csv":
        write_atomically(path, frame.map(_harmless).to_csv(index=False))
        return
    buffer = io.BytesIO()
    frame.to_parquet(buffer, index=False)
    write_atomically(path, buffer.getvalue())


def _harmless(value: object) -> object:
    is_formula = isinstance(value, str) and value.startswith(FORMULA_STARTS)
    return f"'{value}" if is_formula else value
