"""What people see while runs go on: share done, rate, time left."""

import time
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from isogloss.cli.printing import say
from isogloss.study import Run, read_progress


class RunProgress:
    """A `Watcher` that draws on standard error; one line a run where there is no terminal.

    Args:
        study: folder of the study.
        quiet: say nothing.
    """

    def __init__(self, study: Path, *, quiet: bool = False) -> None:
        self._study, self._quiet = study, quiet
        self._console = Console(stderr=True)
        self._running: dict[str, Run] = {}
        self._began = time.monotonic()
        self._work_total, self._work_done, self._n_total, self._n_done = 0.0, 0.0, 0, 0
        self._bar: Progress | None = None

    def planned(self, runs: list[Run]) -> None:
        """A batch of runs is about to begin."""
        self._work_total += sum(_work(run) for run in runs)
        self._n_total += len(runs)
        if self._quiet:
            return
        if self._bar is None and self._console.is_terminal:
            self._bar = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeElapsedColumn(),
                TextColumn("{task.fields[rate]}"),
                console=self._console,
            )
            self._task = self._bar.add_task("runs", total=self._n_total, rate="")
            self._bar.start()
        elif self._bar is None:
            say(f"{self._n_total} runs to do in {self._study}", aside=True)
        else:
            self._bar.update(self._task, total=self._n_total)

    def started(self, run: Run) -> None:
        """A run begins."""
        self._running[run.run_id] = run

    def tick(self) -> None:
        """Draw again."""
        if self._bar is not None:
            self._bar.update(self._task, completed=self._n_done, rate=self._rate())

    def ended(self, run: Run, error: str | None) -> None:
        """A run is over."""
        self._running.pop(run.run_id, None)
        self._n_done += 1
        self._work_done += _work(run)
        self.tick()
        if self._quiet or (self._bar is not None and error is None):
            return
        outcome = "done" if error is None else f"FAILED: {error}"
        line = f"[{self._n_done}/{self._n_total}] {run.run_id} {outcome} {self._rate()}"
        say(line, aside=True)

    def close(self) -> None:
        """Stop drawing."""
        if self._bar is not None:
            self._bar.stop()

    def _rate(self) -> str:
        """Return tokens a second and the time left, from the runs at work."""
        done, tokens_per_second = self._work_done, 0.0
        for run_id, run in self._running.items():
            share, rate = read_progress(self._study, run_id)
            done += share * _work(run)
            tokens_per_second += rate
        elapsed = time.monotonic() - self._began
        if done <= 0:
            return "about to begin"
        left = elapsed * (self._work_total - done) / done
        rate = f"{tokens_per_second:,.0f} tokens/s, " if tokens_per_second else ""
        return f"{rate}{_duration(left)} left"


def _work(run: Run) -> float:
    """Return the size of a run for the estimate of the time left: rows, weighted by their length.

    Labelled sentences are short: a third of the longest row is a fair guess until they are read.
    """
    share = 1.0 if run.stage == "pretrain" else 1 / 3
    return float(run.updates * run.plan.rows * run.plan.length) * share


def _duration(seconds: float) -> str:
    """Return seconds as `3 min` or `1 h 20 min`."""
    minutes = max(int(seconds / 60 + 0.5), 0)
    if minutes < 1:
        return f"{seconds:.0f} s"
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"
