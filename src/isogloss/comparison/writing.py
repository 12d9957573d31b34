"""A comparison as files: its rows, the examples that changed, and how it was made."""

import json
from pathlib import Path
from typing import Final

from isogloss.comparison.compare import Comparison
from isogloss.core import InputError, write_atomically

ABOUT: Final = "comparison.json"
# Of two models on text: there before the comparison is, and kept when a run is interrupted.
SCORES: Final = "scores"
FILES: Final = ("comparison.csv", "flips.csv", ABOUT)


def write_comparison(found: Comparison, folder: Path) -> None:
    """Write the tables of a comparison.

    Args:
        found: the comparison.
        folder: new, empty, or of an earlier comparison, whose files are replaced.

    Raises:
        InputError: the folder holds something else, or cannot be written.
    """
    refuse_other_folder(folder)
    write_atomically(folder / "comparison.csv", found.rows.to_csv(index=False))
    write_atomically(folder / "flips.csv", found.flips.to_csv(index=False))
    about = json.dumps(found.about(), indent=1, ensure_ascii=False)
    write_atomically(folder / ABOUT, about + "\n")


def refuse_other_folder(folder: Path) -> None:
    """Refuse a folder that is not for a comparison, before anything is computed.

    Raises:
        InputError: it has other files, and none of a comparison.
    """
    ours = (folder / ABOUT).is_file() or (folder / SCORES).is_dir()
    if folder.is_file() or (folder.is_dir() and any(folder.iterdir()) and not ours):
        raise InputError(
            expected="a new folder, an empty one, or the folder of an earlier comparison",
            found="a file" if folder.is_file() else "other files",
            where=f"--out `{folder}`",
            next_step="Give another --out; nothing was written.",
        )
