"""The time left of a study: planned times, corrected by what its runs take, on a schedule.

Planned times are wrong by a factor that differs from one kind of run to another, and grows when
other work shares the machine. So each kind (its stage) has a factor of its own,

    f = (seconds its runs took + f_all w) / (seconds planned for them + w)

pulled towards that of all runs, `f_all`, as if half a run more had had that one (`w`). What is left
is not divided by the number of workers: the last runs keep few of them busy, and a run waits for
the one it starts from. It is laid out as the launcher does it, longest pretraining first.
"""

import heapq
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from isogloss.study.plan.runs import Run
from isogloss.study.store.run_folder import run_folder

# A run that has just begun says nothing yet of how long such runs take.
_TELLING: Final = 0.05
_PRIOR_RUNS: Final = 0.5


@dataclass(frozen=True)
class Job:
    """A run to do.

    Attributes:
        run: what it is.
        planned: seconds that it would take on one core.
    """

    run: Run
    planned: float


@dataclass(frozen=True)
class Progress:
    """A run that is finished or at work.

    Attributes:
        job: what was planned.
        took: seconds so far.
        share: of its work that was done in them.
        left: share that is still to do; 0 = it is finished, or about to be.
    """

    job: Job
    took: float
    share: float
    left: float


@dataclass(frozen=True)
class _Begun:
    """A run that was given to a worker.

    Attributes:
        job: what was planned.
        at: when, in seconds of the epoch.
        share: of its work that an earlier sitting had done.
        is_first: whether its worker may still have had to be set up.
    """

    job: Job
    at: float
    share: float
    is_first: bool


class TimeKeeper:
    """Follows the runs of a study and says what time is left.

    Args:
        study: its folder.
    """

    def __init__(self, study: Path) -> None:
        self._study = study
        self._waiting: dict[str, Job] = {}
        self._running: dict[str, _Begun] = {}
        self._ended: list[Progress] = []
        self._n_workers = 1

    def planned(self, ahead: Sequence[tuple[Run, float]]) -> None:
        """Take in the runs to do; what was foreseen before may have been another candidate's."""
        begun = {*self._running, *(one.job.run.run_id for one in self._ended)}
        self._waiting = {
            run.run_id: Job(run, seconds) for run, seconds in ahead if run.run_id not in begun
        }

    def started(self, run: Run) -> None:
        """A run was given to a worker."""
        share, _ = read_progress(self._study, run.run_id)
        job = self._waiting.pop(run.run_id, Job(run, 0.0))
        self._running[run.run_id] = _Begun(job, time.time(), share, not self._ended)
        self._n_workers = max(self._n_workers, len(self._running))

    def ended(self, run: Run, *, failed: bool) -> None:
        """A run is over; one that failed says nothing of how long such runs take."""
        begun = self._running.pop(run.run_id)
        share = 0.0 if failed else 1.0 - begun.share
        self._ended.append(Progress(begun.job, self._seconds(begun), share, 0.0))

    def left(self) -> float | None:
        """Return the seconds until the last run ends; None before any can be told."""
        at_work = [self._progress(one) for one in self._running.values()]
        return seconds_left([*self._ended, *at_work], list(self._waiting.values()), self._n_workers)

    def _progress(self, begun: _Begun) -> Progress:
        share, _ = read_progress(self._study, begun.job.run.run_id)
        return Progress(begun.job, self._seconds(begun), share - begun.share, 1.0 - share)

    def _seconds(self, begun: _Begun) -> float:
        """Return how long a run is at work; the first ones waited until their process was there."""
        began = began_at(self._study, begun.job.run.run_id) if begun.is_first else None
        return time.time() - max(begun.at, began or 0.0)


def seconds_left(begun: Sequence[Progress], waiting: Sequence[Job], n_workers: int) -> float | None:
    """Return the time until the last run ends; None before a run says how long runs take.

    Args:
        begun: runs that are finished or at work.
        waiting: runs that have not begun.
        n_workers: runs at a time.
    """
    telling = [one for one in begun if one.share >= _TELLING and one.job.planned > 0.0]
    if not telling:
        return None
    factors = _factors(telling, [*(one.job for one in begun), *waiting])
    at_work = [
        (one.left * factors[one.job.run.stage] * one.job.planned, one.job.run.run_id)
        for one in begun
        if one.left > 0.0
    ]
    durations = {one.run.run_id: factors[one.run.stage] * one.planned for one in waiting}
    return _makespan(at_work, [one.run for one in waiting], durations, n_workers)


def _factors(telling: Sequence[Progress], jobs: Sequence[Job]) -> dict[str, float]:
    """Return what times of each stage are to be multiplied by."""
    planned = sum(one.share * one.job.planned for one in telling)
    of_all = sum(one.took for one in telling) / planned
    factors = {}
    for stage in {job.run.stage for job in jobs}:
        same = [one for one in telling if one.job.run.stage == stage]
        sizes = [job.planned for job in jobs if job.run.stage == stage]
        weight = _PRIOR_RUNS * sum(sizes) / len(sizes)
        above = sum(one.took for one in same) + of_all * weight
        below = sum(one.share * one.job.planned for one in same) + weight
        factors[stage] = above / below if below > 0.0 else of_all
    return factors


def _makespan(
    at_work: Sequence[tuple[float, str]],
    waiting: Sequence[Run],
    durations: Mapping[str, float],
    n_workers: int,
) -> float:
    """Return when the last run ends, where a worker that is free takes the longest that can start.

    Args:
        at_work: when each run at work ends, and its id.
        waiting: runs to come, in the order of the plan.
        durations: of these, by run id.
        n_workers: runs at a time.
    """
    blocked = {run.run_id for run in waiting} | {run_id for _, run_id in at_work}
    queue = sorted(waiting, key=lambda run: run.size, reverse=True)
    ends = list(at_work)
    heapq.heapify(ends)
    now = 0.0
    while True:
        ready = [run for run in queue if run.starts_from not in blocked]
        for run in ready[: max(n_workers - len(ends), 0)]:
            queue.remove(run)
            heapq.heappush(ends, (now + durations[run.run_id], run.run_id))
        if not ends:
            return now
        now, ended = heapq.heappop(ends)
        blocked.discard(ended)


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
