"""One writer per study folder, and never beside processes that a former one left behind."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from filelock import FileLock, Timeout

from isogloss.core import InputError, refuse_unwritable, remove_partial
from isogloss.study.spec.spec import StudySpec
from isogloss.study.store.claim import mark, refuse_foreign

_RUNS: Final = ".runs.lock"
# A process of the pool ends by itself within a moment of its parent.
_PATIENCE_S: Final = 10.0


@contextmanager
def study_lock(folder: Path, spec: StudySpec) -> Iterator[None]:
    """Hold the folder of a study for this process; the system frees it even after `kill -9`.

    Half-written files of processes that were killed are removed.

    Args:
        folder: new, empty, or of this study.
        spec: of the study.

    Raises:
        InputError: it holds something else, another process writes it, or it cannot be written.
    """
    refuse_foreign(folder, spec)  # before a lock is put there
    with refuse_unwritable(folder):
        folder.mkdir(parents=True, exist_ok=True)
    owner = folder / ".owner"
    lock = FileLock(folder / ".lock")
    with refuse_unwritable(folder / ".lock"):
        try:
            lock.acquire(timeout=0)
        except Timeout as error:
            holder = owner.read_text().strip() if owner.is_file() else "unknown"
            raise _taken(folder, f"process {holder} at work in it") from error
    try:
        _wait_for_runs(folder)
        refuse_foreign(folder, spec)
        with refuse_unwritable(owner):
            owner.write_text(str(os.getpid()))
        mark(folder, spec)
        remove_partial(folder)
        yield
    finally:
        owner.unlink(missing_ok=True)
        lock.release()


@contextmanager
def writing_run(folder: Path) -> Iterator[None]:
    """Hold the folder of a study while a run writes there, whichever process does it.

    The processes of a pool live on for a moment when the one that started them is killed; until
    they end, the next one waits in `study_lock`.

    Args:
        folder: of the study.

    Raises:
        InputError: it cannot be written.
    """
    with _runs_file(folder) as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        yield


@contextmanager
def _runs_file(folder: Path) -> Iterator[IO[bytes]]:
    path = folder / _RUNS
    with refuse_unwritable(path):
        file = path.open("ab")
    with file:
        yield file


def _wait_for_runs(folder: Path) -> None:
    """Wait until no run is written any more.

    Raises:
        InputError: it takes longer than a process without a parent lives.
    """
    deadline = time.monotonic() + _PATIENCE_S
    with _runs_file(folder) as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except BlockingIOError as error:
                if time.monotonic() > deadline:
                    found = "a process at work in it that another command left behind"
                    raise _taken(folder, found) from error
                time.sleep(0.05)


def _taken(folder: Path, found: str) -> InputError:
    return InputError(
        expected="a study folder that no other process writes",
        found=found,
        where=str(folder),
        next_step="Wait for it to end, or give another --out.",
    )
