"""What people see while runs go on: which runs, how far each is, the time left."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from isogloss.cli.printing import duration, say
from isogloss.study import Run, TimeKeeper, read_progress

# Without a terminal a line tells how far the runs are, no more often than this, in seconds.
_TOLD_EVERY: Final = 60.0


class RunProgress:
    """A `Watcher` that draws on standard error; lines where there is no terminal.

    Args:
        study: folder of the study.
        quiet: say nothing.
    """

    def __init__(self, study: Path, *, quiet: bool = False) -> None:
        self._study, self._quiet = study, quiet
        self._console = Console(stderr=True)
        self._running: dict[str, Run] = {}
        self._time = TimeKeeper(study)
        self._n_done = 0
        self._told = time.monotonic()
        self._n_total = 0
        self._bar: Progress | None = None

    def warned(self, texts: Sequence[str]) -> None:
        """The plan has warnings: they are said before the time is spent."""
        for text in () if self._quiet else texts:
            say(f"warning: {text}", aside=True)

    def planned(self, runs: list[Run], ahead: Sequence[tuple[Run, float]]) -> None:
        """A batch of runs is about to begin."""
        self._time.planned(ahead)
        self._n_total += len(runs)
        if self._quiet:
            return
        if self._bar is None and self._console.is_terminal:
            self._bar = Progress(
                TextColumn("{task.description}"),
                BarColumn(bar_width=20),
                MofNCompleteColumn(),
                TimeElapsedColumn(),
                TextColumn("{task.fields[state]}"),
                console=self._console,
            )
            self._task = self._bar.add_task("runs", total=self._n_total, state="")
            self._bar.start()
        elif self._bar is None:
            say(f"{self._n_total} runs to do in {self._study}", aside=True)
        else:
            self._bar.update(self._task, total=self._n_total)

    def started(self, run: Run) -> None:
        """A run begins."""
        self._running[run.run_id] = run
        self._time.started(run)

    def tick(self) -> None:
        """Draw again, or tell how far the runs are if that was not told for a while."""
        if self._bar is not None:
            self._bar.update(self._task, completed=self._n_done, state=self._state())
        elif not self._quiet and time.monotonic() - self._told >= _TOLD_EVERY:
            self._tell(self._state())

    def ended(self, run: Run, error: str | None) -> None:
        """A run is over."""
        self._running.pop(run.run_id, None)
        self._time.ended(run, failed=error is not None)
        self._n_done += 1
        self.tick()
        if self._quiet or (self._bar is not None and error is None):
            return
        outcome = "done" if error is None else f"FAILED: {error}"
        left = self._time.left()
        self._tell(f"{run.run_id} {outcome}" + ("" if left is None else f" {duration(left)} left"))

    def close(self) -> None:
        """Stop drawing."""
        if self._bar is not None:
            self._bar.stop()

    def _state(self) -> str:
        """Return how far each run at work is, and the time left."""
        runs, rate = [], 0.0
        for run_id, run in self._running.items():
            share, tokens_per_second = read_progress(self._study, run_id)
            rate += tokens_per_second
            name = f"{run.stage} {'+'.join(one.code for one in run.plan.languages)}"
            far = f" {share * run.updates:,.0f}/{run.updates:,}" if run.updates else ""
            runs.append(f"{name}{far}")
        left = self._time.left()
        told = [", ".join(runs)] if runs else []
        if rate:
            told.append(f"{rate:,.0f} tokens/s")
        told.append("about to begin" if left is None else f"{duration(left)} left")
        return "; ".join(told)

    def _tell(self, text: str) -> None:
        self._told = time.monotonic()
        say(f"[{self._n_done}/{self._n_total}] {text}", aside=True)
