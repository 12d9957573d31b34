"""The folder of a transfer matrix as its page sees it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd

from isogloss.core import MATRIX_TABLES, InputError, first_changed, is_sealed, read_json

MATRIX_ARMS: Final = ("alone", "tune", "look-ahead", "left out")
"""Arms whose effects are of one language: the cells of the matrix."""

_STEP: Final = "Give the command again: its tables are written anew from its cells."
_ABOUT: Final = "matrix.json"
_WORDS: Final = frozenset(
    {"task", "metric", "arm", "transfer", "target", "verdict", "language", "role", "category"}
    | {"a", "b", "where", "measure", "factor", "controls", "what", "transfer_is", "target_is"}
    | {"model", "status", "cell"}
)


@dataclass(frozen=True)
class MatrixFiles:
    """A finished matrix as the page sees it.

    Attributes:
        about: `matrix.json`.
        tables: by name of `MATRIX_TABLES`; each may be empty.
    """

    about: Mapping[str, Any]
    tables: Mapping[str, pd.DataFrame]

    @property
    def names(self) -> dict[str, str]:
        """Names of the languages by code."""
        languages: dict[str, dict[str, str]] = self.about.get("languages", {})
        return {code: one.get("name") or code for code, one in languages.items()}

    @property
    def families(self) -> dict[str, str]:
        """Families of the languages by code."""
        languages: dict[str, dict[str, str]] = self.about.get("languages", {})
        return {code: one.get("family", "") for code, one in languages.items()}


def is_matrix(folder: Path) -> bool:
    """Return whether a folder is of a transfer matrix."""
    return (folder / _ABOUT).is_file()


def read_matrix(folder: Path) -> MatrixFiles:
    """Read the tables of a finished matrix.

    Args:
        folder: what `isogloss matrix --method ... --out` wrote.

    Raises:
        InputError: it is not finished, or a file is damaged.
    """
    about = read_json(folder / _ABOUT, what="a transfer matrix", next_step=_STEP)
    if "files" not in about:
        raise InputError(
            expected="a finished transfer matrix",
            found="one that was interrupted",
            where=str(folder),
            next_step="Give its command again: it goes on where it was.",
        )
    changed = first_changed(folder, about["files"])
    if not is_sealed(about) or changed is not None:
        raise InputError(
            expected="the tables of a matrix as isogloss wrote them",
            found="a damaged or changed file",
            where=str(changed or folder / _ABOUT),
            next_step=_STEP,
        )
    return MatrixFiles(about, {name: _read(folder, name) for name in MATRIX_TABLES})


def _read(folder: Path, name: str) -> pd.DataFrame:
    """Return a table with every column of its contract; words stay words."""
    table = MATRIX_TABLES[name]
    words = {one: str for one in table.columns if one in _WORDS}
    frame = pd.read_csv(folder / f"{name}.csv", dtype=words, keep_default_na=False, na_values=[""])
    frame = frame.reindex(columns=list(table.columns))
    for column in words:
        frame[column] = frame[column].astype(object).fillna("")
    return frame
