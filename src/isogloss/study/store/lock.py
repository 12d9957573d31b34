"""One writer per study folder."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from isogloss.core import InputError, refuse_unwritable


@contextmanager
def study_lock(folder: Path) -> Iterator[None]:
    """Hold the study folder for this process; the system frees it even after `kill -9`.

    Raises:
        InputError: another process holds it, or the folder cannot be written.
    """
    with refuse_unwritable(folder):
        folder.mkdir(parents=True, exist_ok=True)
    owner = folder / ".owner"
    lock = FileLock(folder / ".lock")
    with refuse_unwritable(folder / ".lock"):
        try:
            lock.acquire(timeout=0)
        except Timeout as error:
            holder = owner.read_text().strip() if owner.is_file() else "unknown"
            raise InputError(
                expected="a study folder that no other process writes",
                found=f"process {holder} at work in it",
                where=str(folder),
                next_step="Wait for it to end, or give another --out.",
            ) from error
    try:
        with refuse_unwritable(owner):
            owner.write_text(str(os.getpid()))
        yield
    finally:
        owner.unlink(missing_ok=True)
        lock.release()
