"""Readers of per-example scores: one file for each harness, one literal table of all."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import pandas as pd

from isogloss.comparison.readers.contract import Asked, Reader, TaskTable
from isogloss.comparison.readers.inspect_logs import INSPECT
from isogloss.comparison.readers.lighteval import LIGHTEVAL
from isogloss.comparison.readers.lm_eval import LM_EVAL
from isogloss.comparison.readers.mteb import MTEB
from isogloss.comparison.readers.nemo import NEMO
from isogloss.comparison.readers.plain import MLPERF, PLAIN
from isogloss.comparison.scored import Scored, joined_scores, make_scored
from isogloss.core import InputError

__all__ = ["READERS", "Asked", "Reader", "TaskTable", "read_scores"]

READERS: Final[Mapping[str, Reader]] = {
    one.name: one for one in (LM_EVAL, LIGHTEVAL, NEMO, INSPECT, MTEB, MLPERF, PLAIN)
}
"""Layouts that `read_scores` knows; the first that recognises a file reads it."""


def read_scores(
    path: Path,
    *,
    languages: Mapping[str, str] | None = None,
    score: str | None = None,
    with_text: bool = False,
) -> Scored:
    """Read the per-example scores of one system.

    Args:
        path: a file or a folder that a harness wrote. A folder of several runs (one folder each)
            is one system with several seeds or checkpoints.
        languages: from tasks to languages, for tasks whose name does not say it.
        score: which of several scores of an example; None = the first.
        with_text: keep questions and answers, for the list of changed examples.

    Returns:
        The scores.

    Raises:
        InputError: there is no such file, its layout is not known, or its content is wrong.
    """
    if not path.exists():
        raise InputError(
            expected="a file or folder of per-example scores",
            found="no such file or folder",
            where=str(path),
            next_step="Check the name.",
        )
    runs = _runs(path)
    asked = Asked(score, with_text)
    read = [
        _labelled(_scored(one, run, languages), run, len(runs))
        for run, reader in runs
        for one in reader.read(run, asked)
    ]
    return _joined(read, path, [run for run, _ in runs])


def _runs(path: Path) -> list[tuple[Path, Reader]]:
    """Return the folders of runs, or the one file or folder, each with its reader.

    Raises:
        InputError: no reader recognises anything.
    """
    if reader := _recognised(path):
        return [(path, reader)]
    inside = sorted(one for one in path.rglob("*") if one.is_dir()) if path.is_dir() else []
    found = [(one, reader) for one in inside if (reader := _recognised(one))]
    if found:
        return found
    known = "; ".join(f"{reader.name}: {reader.layout}" for reader in READERS.values())
    raise InputError(
        expected=f"per-example scores in a known layout. {known}",
        found=_what(path),
        where=str(path),
        next_step="Write the scores as CSV with the columns language, example and score.",
    )


def _recognised(path: Path) -> Reader | None:
    return next((reader for reader in READERS.values() if reader.recognises(path)), None)


def _what(path: Path) -> str:
    if path.is_file():
        return f"a file `{path.name}` of another layout"
    names = [one.name for one in sorted(path.iterdir())]
    return f"a folder with {', '.join(names[:5]) or 'nothing'}" + ("" if len(names) <= 5 else " …")


def _scored(one: TaskTable, run: Path, languages: Mapping[str, str] | None) -> Scored:
    return make_scored(
        one.table, source=str(run), languages=languages, task=one.task, notices=one.notices
    )


def _labelled(scored: Scored, run: Path, n_runs: int) -> Scored:
    """Return scores with the run's name as seed, where there are several."""
    if n_runs == 1:
        return scored
    named = pd.Categorical([run.name] * len(scored.frame), categories=[run.name])
    return replace(scored, frame=scored.frame.assign(seed=named))


def _joined(read: Sequence[Scored], path: Path, runs: Sequence[Path]) -> Scored:
    """Return the scores of all files as those of one system."""
    notices = [notice for one in read for notice in one.notices]
    if len(runs) > 1:
        names = ", ".join(run.name for run in runs)
        notices.append(f"{path}: {len(runs)} runs, taken as seeds or checkpoints: {names}.")
    return replace(joined_scores(read), source=str(path), notices=tuple(dict.fromkeys(notices)))
