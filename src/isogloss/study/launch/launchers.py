"""Launchers: the same runs, one after the other or several at a time on this machine."""

import ctypes
import gc
import multiprocessing
import os
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from typing import Final, Protocol

import torch

from isogloss.core import InputError, TrainingError
from isogloss.data import DataWarning
from isogloss.study.plan.runs import Run
from isogloss.study.run.execution import execute
from isogloss.study.store.lock import writing_run
from isogloss.study.store.run_folder import run_folder


class Watcher(Protocol):
    """Is told how the runs get on."""

    def warned(self, texts: Sequence[str]) -> None:
        """The plan has found what makes results doubtful; told before anything is trained."""
        ...

    def planned(self, runs: list[Run], ahead: Sequence[tuple[Run, float]]) -> None:
        """A batch of runs is about to begin.

        Args:
            runs: of the batch.
            ahead: each run of the study that is to do, with the seconds that it would take on one
                core; those of later batches too, as far as they can be foreseen.
        """
        ...

    def started(self, run: Run) -> None:
        """A run begins."""
        ...

    def tick(self) -> None:
        """Some time has passed."""
        ...

    def ended(self, run: Run, error: str | None) -> None:
        """A run is over."""
        ...


class Silent:
    """A watcher that tells nobody, for calls from Python."""

    def warned(self, texts: Sequence[str]) -> None:
        """Say nothing."""

    def planned(self, runs: list[Run], ahead: Sequence[tuple[Run, float]]) -> None:
        """Say nothing."""

    def started(self, run: Run) -> None:
        """Say nothing."""

    def tick(self) -> None:
        """Say nothing."""

    def ended(self, run: Run, error: str | None) -> None:
        """Say nothing."""


class NotStarted(TrainingError):
    """A run that could not begin, because the run it starts from failed."""


_STOPPING: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

Failure = InputError | TrainingError
Launcher = Callable[[list[Run], Path, int, Watcher], dict[str, Failure]]


def inline(runs: list[Run], study: Path, workers: int, watcher: Watcher) -> dict[str, Failure]:
    """Do the runs in this process, in order; return the errors by run id.

    Args:
        runs: parents before children.
        study: folder of the study.
        workers: ignored.
        watcher: is told.
    """
    failed: dict[str, Failure] = {}
    for run in runs:
        if run.starts_from in failed:
            failed[run.run_id] = _not_started(run)
            continue
        watcher.started(run)
        error = _guarded(run, study)
        if error is not None:
            failed[run.run_id] = error
        watcher.ended(run, _text(error))
    return failed


def pool(runs: list[Run], study: Path, workers: int, watcher: Watcher) -> dict[str, Failure]:
    """Do the runs in `workers` processes of this machine, longest first; return errors by run id.

    Each process gets its share of the cores. A run starts when the run it starts from is finished.
    """
    failed: dict[str, Failure] = {}
    waiting = {run.run_id: run for run in runs}
    running: dict[Future[Failure | None], Run] = {}
    _give_memory_back()
    with _executor(workers) as executor, _workers_stopped_on_interrupt():
        while waiting or running:
            for run in _ready(waiting, study, failed)[: workers - len(running)]:
                del waiting[run.run_id]
                watcher.started(run)
                with _signals_held():
                    running[executor.submit(_guarded, run, study)] = run
            if not running:
                break
            done, _ = wait(running, timeout=0.5, return_when=FIRST_COMPLETED)
            watcher.tick()
            for future in done:
                run = running.pop(future)
                error = _outcome(future, run)
                if error is not None:
                    failed[run.run_id] = error
                watcher.ended(run, _text(error))
    for run in waiting.values():
        failed[run.run_id] = _not_started(run)
    return failed


LAUNCHERS: Final[Mapping[str, Launcher]] = {"pool": pool, "inline": inline}


def _not_started(run: Run) -> NotStarted:
    return NotStarted(f"the run it starts from failed: {run.starts_from}")


def _text(error: Failure | None) -> str | None:
    return None if error is None else str(error)


def _guarded(run: Run, study: Path) -> Failure | None:
    """Do a run; return what went wrong with it, if anything."""
    try:
        with warnings.catch_warnings():
            # `prepare` has put them into the study's notes already.
            warnings.simplefilter("ignore", DataWarning)
            with writing_run(study):
                execute(run, study)
    except (TrainingError, InputError) as error:
        run_folder(study, run.run_id).write_status(f"failed: {error}")
        return error
    return None


def _outcome(future: Future[Failure | None], run: Run) -> Failure | None:
    """Return the error of a finished future; a killed process stops the study."""
    try:
        return future.result()
    except BrokenProcessPool as error:
        raise TrainingError(
            f"The process of {run.run_id} was killed (out of memory?). Finished runs are kept: the "
            "same command goes on from the last checkpoint. Use fewer --workers if memory is short."
        ) from error


def _ready(waiting: dict[str, Run], study: Path, failed: dict[str, Failure]) -> list[Run]:
    """Return the runs that can start, the longest first."""
    ready = [
        run
        for run in waiting.values()
        if run.starts_from is None
        or (run.starts_from not in failed and run_folder(study, run.starts_from).is_finished())
    ]
    return sorted(ready, key=lambda run: run.size, reverse=True)


_READY: ContextVar[ProcessPoolExecutor | None] = ContextVar("ready", default=None)


@contextmanager
def workers_ready(launcher: str, workers: int) -> Iterator[None]:
    """Start the pool's processes now, as forks of this one, for all studies inside.

    They share the memory of everything that is imported, with each other and with this process:
    torch and transformers take 0.3 GB, which a fork server of its own has once more. Only for a
    process that has done nothing yet: a thread, a GPU or a thread pool of OpenMP that is in use
    does not survive a fork. Where it cannot be done, the pool starts its processes itself.

    Args:
        launcher: a key of `LAUNCHERS`; others than `pool` have no use for it.
        workers: processes.
    """
    if launcher != "pool" or sys.platform != "linux" or threading.active_count() > 1:
        yield
        return
    _give_memory_back()
    gc.freeze()
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(workers, context, _start_worker, (_threads(workers),)) as executor:
        with _signals_held(), warnings.catch_warnings():
            # Python 3.12 sees the threads of BLAS, which look after themselves in a fork.
            warnings.filterwarnings("ignore", "This process", DeprecationWarning)
            executor.submit(os.getpid).result()  # the first task starts all processes
        token = _READY.set(executor)
        try:
            yield
        finally:
            _READY.reset(token)


@contextmanager
def _executor(workers: int) -> Iterator[ProcessPoolExecutor]:
    """Give the processes that are ready, or new ones from a fork server.

    The server's processes share the memory of one that has imported everything. It runs no model,
    so nothing that does not survive a fork (threads, CUDA) is there yet.
    """
    ready = _READY.get()
    if ready is not None:
        yield ready
        return
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["isogloss.study.run.execution"])
    threads = _threads(workers)
    with ProcessPoolExecutor(workers, context, _start_worker, (threads,)) as executor:
        yield executor


def _threads(workers: int) -> int:
    """Return each process's share of the cores, at most `OMP_NUM_THREADS` where that is set.

    Threads of OpenMP wait for one another busily: two of them on a core that is shared with other
    work are many times slower than one.
    """
    share = max((os.cpu_count() or 1) // workers, 1)
    asked = os.environ.get("OMP_NUM_THREADS", "")
    return max(min(share, int(asked)), 1) if asked.isdecimal() else share


def _give_memory_back() -> None:
    """Return to the system what this process has freed; from here on it waits and needs little.

    The C library keeps what the test bed and the tokenizer's training took (75 MB for the
    quickstart), for an allocation that will not come. Other libraries than glibc have no such call.
    """
    gc.collect()
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)


@contextmanager
def _signals_held() -> Iterator[None]:
    """Start processes that leave Ctrl-C and the like to this one until they are set up.

    They inherit the mask; here, a signal that comes meanwhile is delivered at the end.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _STOPPING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _workers_stopped_on_interrupt() -> Iterator[None]:
    """Stop at once on Ctrl-C; the runs at work go on from their last checkpoints another time."""
    try:
        yield
    except KeyboardInterrupt:
        for process in multiprocessing.active_children():
            process.terminate()
        raise


def _start_worker(threads: int) -> None:
    """Set up a process of the pool."""
    # The garbage collector writes to every object that it looks at, and what is written to is no
    # longer shared with the other processes: it need not look at what was there before the fork.
    gc.freeze()
    # Each would print where it was interrupted; the parent stops them, with SIGTERM.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPPING)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    torch.set_num_threads(threads)


def _end_with_parent() -> None:
    """Wait for the end of the process that started this one, and end as suddenly.

    A parent that is killed can tell nobody; its worker would train on, write where the next command
    writes, and then wait for work for ever.
    """
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os.kill(os.getpid(), signal.SIGKILL)
