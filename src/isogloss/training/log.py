"""What a run tells the world while it trains: JSON lines always, TensorBoard on request."""

import json
from pathlib import Path
from typing import Any, Final, Protocol

from isogloss.core import InputError, refuse_unwritable, write_atomically

METRICS_FILE: Final = "metrics.jsonl"


class MetricLog(Protocol):
    """Takes one row of metrics at a time."""

    def write(self, row: dict[str, Any]) -> None:
        """Append a row."""
        ...


class JsonLinesLog:
    """Appends to a file; rows of updates that a resumed run will repeat are dropped.

    Args:
        folder: of the run.
        resume_at: rows at this update or later are cut before the run goes on.
        name: of the file.
    """

    def __init__(self, folder: Path, resume_at: int, name: str = METRICS_FILE) -> None:
        self._path = folder / name
        rows = [row for row in read_metrics(folder, name) if row["update"] < resume_at]
        write_atomically(self._path, "".join(json.dumps(row) + "\n" for row in rows))

    def write(self, row: dict[str, Any]) -> None:
        """Append a row and hand it to the system at once."""
        with refuse_unwritable(self._path), self._path.open("a") as file:
            file.write(json.dumps(row) + "\n")


class TensorBoardLog:
    """Mirrors the rows into TensorBoard event files (extra `tensorboard`).

    Args:
        folder: of the run; events go to its `tensorboard` folder.
    """

    def __init__(self, folder: Path) -> None:
        try:
            from torch.utils.tensorboard import SummaryWriter
        except ImportError as error:
            raise InputError(
                expected="the package tensorboard",
                found="it is not installed",
                where="logging.tensorboard",
                next_step="pip install 'isogloss[tensorboard]', or leave the key out.",
            ) from error
        self._writer = SummaryWriter(str(folder / "tensorboard"))

    def write(self, row: dict[str, Any]) -> None:
        """Write every number of the row as a scalar."""
        for key, value in row.items():
            if isinstance(value, dict):
                for name, number in value.items():
                    self._writer.add_scalar(f"{row['kind']}/{key}/{name}", number, row["update"])
            elif isinstance(value, int | float) and key != "update":
                self._writer.add_scalar(f"{row['kind']}/{key}", value, row["update"])
        self._writer.flush()


def dev_curve(folder: Path) -> list[dict[str, float]]:
    """Return a run's dev losses by language, nats per token, in the order of the updates."""
    return [
        dict(row["loss_by_language"]) for row in read_metrics(folder) if row.get("kind") == "dev"
    ]


def read_metrics(folder: Path, name: str = METRICS_FILE) -> list[dict[str, Any]]:
    """Return the rows of a log; a line cut short by a crash is left out."""
    path = folder / name
    if not path.is_file():
        return []
    rows = []
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(row, dict) and isinstance(row.get("update"), int):
            rows.append(row)
    return rows
