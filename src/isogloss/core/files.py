"""Files that are whole or absent: written beside their target, flushed, then renamed over it."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from isogloss.core.errors import InputError


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
    except OSError as error:
        raise InputError(
            expected="a place that can be written",
            found=f"{error.strerror or error}",
            where=str(path),
            next_step="Free some space, mend the permissions, or write elsewhere. "
            "What was finished before is kept: the same command goes on from there.",
        ) from error


def write_atomically(path: Path, content: str | bytes) -> None:
    """Write `content` to `path` so that a reader or a crash never sees half a file.

    Args:
        path: target; missing parent folders are made.
        content: text (UTF-8) or bytes.

    Raises:
        InputError: the folder cannot be written or the disk is full; the old file is untouched.
    """
    data = content.encode() if isinstance(content, str) else content
    with refuse_unwritable(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(name, 0o644)
            os.replace(name, path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
