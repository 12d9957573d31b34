"""Tables on disk, whole or absent."""

import io
from pathlib import Path
from typing import TYPE_CHECKING, Final

from isogloss.core import write_atomically

if TYPE_CHECKING:
    import pandas as pd

FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


def write_frame(frame: "pd.DataFrame", path: Path) -> None:
    """Write a table as CSV or parquet, by the file's suffix.

    In a CSV file, text that a spreadsheet would run as a formula gets an apostrophe in front;
    numbers stay numbers.
    """
    if path.suffix == ".csv":
        write_atomically(path, frame.map(_harmless).to_csv(index=False))
        return
    buffer = io.BytesIO()
    frame.to_parquet(buffer, index=False)
    write_atomically(path, buffer.getvalue())


def _harmless(value: object) -> object:
    is_formula = isinstance(value, str) and value.startswith(FORMULA_STARTS)
    return f"'{value}" if is_formula else value
