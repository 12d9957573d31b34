"""A new folder that is whole or absent."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from isogloss.core import InputError, flush_folder, folder_beside


@contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """Yield a folder to fill, which becomes `folder` when all went well and vanishes otherwise.

    Args:
        folder: new or empty; missing parent folders are made.

    Yields:
        A folder beside it.

    Raises:
        InputError: the folder holds something, or cannot be written.
    """
    if folder.is_dir() and any(folder.iterdir()):
        raise InputError(
            expected="a new folder or an empty one",
            found=f"{min(path.name for path in folder.iterdir())} in it",
            where=str(folder),
            next_step="Give another folder, or remove this one first; nothing was written.",
        )
    with folder_beside(folder) as new:
        yield new
        flush_folder(new)
        new.chmod(0o755)
        new.rename(folder)  # over an empty folder, too
