"""How far a run is, read from its log by another process."""

import json
from pathlib import Path

from isogloss.study.store.run_folder import run_folder

_TAIL = 4096


def began_at(study: Path, run_id: str) -> float | None:
    """Return when a process began with a run, in seconds of the epoch; None = not yet.

    Processes need seconds to load libraries before their first run.
    """
    try:
        return (run_folder(study, run_id).path / "spec.yaml").stat().st_mtime
    except OSError:
        return None


def read_progress(study: Path, run_id: str) -> tuple[float, float]:
    """Return the share of a run that is done and its tokens a second; zeros at first."""
    path = run_folder(study, run_id).path / "metrics.jsonl"
    try:
        with path.open("rb") as file:
            file.seek(max(path.stat().st_size - _TAIL, 0))
            lines = file.read().decode(errors="ignore").splitlines()
    except OSError:
        return 0.0, 0.0
    for line in reversed(lines):
        try:
            row = json.loads(line)
        except json.JSONDecodeError:
            continue
        if row.get("kind") == "train":
            return (row["update"] + 1) / row["updates"], float(row["tokens_per_second"])
    return 0.0, 0.0
