"""Files that are whole or absent: written beside their target, flushed, then renamed over it."""

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from safetensors import SafetensorError

from isogloss.core.errors import InputError

# What a kill leaves behind is known by its name, and removed by the next who works there.
_PARTIAL: Final = ".partial-"


@contextmanager
def refuse_unwritable(path: Path) -> Iterator[None]:
    """Turn the operating system's refusal to write `path` into an error with a next step."""
    try:
        yield
    except (FileExistsError, NotADirectoryError) as error:
        raise InputError(
            expected="a place that can be written: a folder, or none yet",
            found="a file of that name",
            where=str(next((one for one in (path, *path.parents) if one.is_file()), path)),
            next_step="Give another place, or move that file away; it was left as it was.",
        ) from error
    except IsADirectoryError as error:
        raise InputError(
            expected="a file to write",
            found="a folder of that name",
            where=str(path),
            next_step="Name a file in it.",
        ) from error
    except (OSError, SafetensorError) as error:  # safetensors wraps the system's own error
        raise InputError(
            expected="a place that can be written",
            found=f"{getattr(error, 'strerror', None) or error}",
            where=str(path),
            next_step="Free some space, mend the permissions, or write elsewhere. "
            "What was finished before is kept: the same command goes on from there.",
        ) from error


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a file to write that takes the place of `path` when all went well, and vanishes if not.

    Args:
        path: target; missing parent folders are made.

    Yields:
        The path of a new, empty file beside it.

    Raises:
        InputError: the folder cannot be written or the disk is full; the old file is untouched.
    """
    with refuse_unwritable(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f"{_PARTIAL}{path.name}.")
        os.close(handle)
        partial = Path(name)
        try:
            yield partial
            _flush(partial)
            partial.chmod(0o644)
            partial.replace(path)
            _flush(path.parent)
        finally:
            partial.unlink(missing_ok=True)


@contextmanager
def folder_beside(path: Path) -> Iterator[Path]:
    """Give a new folder beside `path`, to be filled and renamed to it, and remove what is left.

    Args:
        path: target; missing parent folders are made.

    Yields:
        The new folder.

    Raises:
        InputError: it cannot be written or the disk is full.
    """
    with refuse_unwritable(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        new = Path(tempfile.mkdtemp(dir=path.parent, prefix=f"{_PARTIAL}{path.name}."))
        try:
            yield new
        finally:
            shutil.rmtree(new, ignore_errors=True)


def flush_folder(folder: Path) -> None:
    """Wait until a folder's files are on the disk, so that a rename cannot come before them."""
    for path in folder.rglob("*"):
        _flush(path)
    _flush(folder)


def _flush(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        # Some network file systems have no such call for folders.
        if error.errno != errno.EINVAL or not path.is_dir():
            raise
    finally:
        os.close(handle)


def remove_partial(folder: Path) -> None:
    """Remove what writers that were killed left below a folder.

    Args:
        folder: that nobody else writes.
    """
    for path in list(folder.rglob(f"{_PARTIAL}*")):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def write_atomically(path: Path, content: str | bytes) -> None:
    """Write `content` to `path` so that a reader or a crash never sees half a file.

    Args:
        path: target; missing parent folders are made.
        content: text (UTF-8) or bytes.

    Raises:
        InputError: the folder cannot be written or the disk is full; the old file is untouched.
    """
    with replacing(path) as partial:
        partial.write_bytes(content.encode() if isinstance(content, str) else content)
