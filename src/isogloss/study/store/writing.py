"""Tables on disk, whole or absent."""

import io
from pathlib import Path

import pandas as pd

from isogloss.core import write_atomically


def write_frame(frame: pd.DataFrame, path: Path) -> None:
    """Write a table as CSV or parquet, by the file's suffix."""
    if path.suffix == ".csv":
        write_atomically(path, frame.to_csv(index=False))
        return
    buffer = io.BytesIO()
    frame.to_parquet(buffer, index=False)
    write_atomically(path, buffer.getvalue())
