"""Files that are whole or absent: written beside their target, flushed, renamed; their digests."""

import errno
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

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


_SEAL: Final = "digest"


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digests_of(folder: Path, paths: Iterable[Path]) -> dict[str, str]:
    """Return the digests of files by their path in a folder."""
    return {str(path.relative_to(folder)): file_digest(path) for path in sorted(paths)}


def first_changed(folder: Path, digests: Mapping[str, str]) -> Path | None:
    """Return the first file that is gone or no longer what was written, or None.

    Args:
        folder: that the paths are in.
        digests: as `digests_of` returned them.
    """
    for name, digest in digests.items():
        path = folder / name
        if not path.is_file() or file_digest(path) != digest:
            return path
    return None


def sealed(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return content for a JSON file with its own digest in it."""
    return {**content, _SEAL: _digest(content)}


def is_sealed(content: Mapping[str, Any]) -> bool:
    """Return whether content is as it was sealed; what was never sealed is taken as it is.

    Example:
        >>> is_sealed(sealed({"a": 1})), is_sealed({**sealed({"a": 1}), "a": 2})
        (True, False)
    """
    rest = {key: value for key, value in content.items() if key != _SEAL}
    return _SEAL not in content or content[_SEAL] == _digest(rest)


def _digest(content: Mapping[str, Any]) -> str:
    # As JSON gives it back: its keys are text, and it has no tuples.
    plain = json.loads(json.dumps(content))
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()


def read_json(path: Path, *, what: str, next_step: str) -> dict[str, Any]:
    """Return the keys and values of a JSON file.

    Args:
        path: the file.
        what: what it should be, for the message.
        next_step: how the user gets a whole one.

    Raises:
        InputError: there is no such file, it cannot be read, or it holds anything else.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(content, dict):
            raise TypeError("no keys and values")
        return content
    except FileNotFoundError as error:
        found, cause = "no such file", error
    # Brackets nested some thousand deep are a RecursionError.
    except (OSError, ValueError, TypeError, RecursionError) as error:
        found, cause = f"a damaged file ({error})", error
    raise InputError(expected=what, found=found, where=str(path), next_step=next_step) from cause
