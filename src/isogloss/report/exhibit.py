"""What a section shows: a figure, the table behind it, and that table as a download."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

import pandas as pd
from markupsafe import Markup

from isogloss.report.study_files import StudyFiles

# Readable in the address and legal in it; everything else is percent-encoded.
_SAFE: Final = ",;:/()[]!*'+-._~ ".replace(" ", "").replace("'", "")
# A table beyond this would make the page slow to open; the study folder holds it anyway.
_LARGEST: Final = 400_000
_MOST_ROWS: Final = 400
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Column:
    """A column of a printed table.

    Attributes:
        header: its name.
        numeric: set flush right with equal digits.
        unit: second line of the header.
    """

    header: str
    numeric: bool = False
    unit: str = ""


@dataclass(frozen=True)
class Table:
    """A printed table; the first cell of a row is its header.

    Attributes:
        caption: says what is in it.
        columns: headers.
        rows: cells, as text (escaped by the template) or `Markup`.
    """

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]

    @property
    def printed(self) -> Sequence[Sequence[str]]:
        """The rows that the page prints: a longer table is read in the study folder."""
        return self.rows[:_MOST_ROWS]


@dataclass(frozen=True)
class Download:
    """A table as a CSV file inside the page.

    Attributes:
        name: of the file.
        address: a `data:` address; nothing is fetched. "" where the table is too large for it.
        n_rows: how many rows it has.
    """

    name: str
    address: str
    n_rows: int


@dataclass(frozen=True)
class Exhibit:
    """A figure with its table.

    Attributes:
        title: heading of the exhibit.
        figures: drawings, side by side where there is room.
        table: the numbers of the figures.
        download: the same table in full precision.
        legend: drawing or text that names the signs of the figures.
    """

    title: str
    figures: Sequence[Markup]
    table: Table
    download: Download
    legend: str = ""


@dataclass(frozen=True)
class Section:
    """One display of the report.

    Attributes:
        anchor: address in the page.
        title: heading.
        template: file in `templates/`.
        frame: the tidy table behind the display; raises `NotMeasured` with the reason.
        build: what the template needs.
    """

    anchor: str
    title: str
    template: str
    frame: Callable[[StudyFiles], pd.DataFrame]
    build: Callable[[StudyFiles], Mapping[str, object]]


def csv_text(frame: pd.DataFrame) -> str:
    """Write a table as CSV in the units of the study (fractions, bits), in full precision.

    Text that a spreadsheet would run as a formula gets an apostrophe in front.
    """
    safe = frame.copy()
    for column in safe.columns:
        if not pd.api.types.is_numeric_dtype(safe[column]):
            safe[column] = pd.Series([_harmless(value) for value in safe[column]], index=safe.index)
    return safe.to_csv(index=False, lineterminator="\n")


def download(frame: pd.DataFrame, name: str) -> Download:
    """Put a table into an address that a browser saves as a file.

    Args:
        frame: the table.
        name: of the file, without extension.

    Returns:
        The download; it works from `file://` and without a script.
    """
    address = "data:text/csv;charset=utf-8," + quote(csv_text(frame), safe=_SAFE)
    if len(address) > _LARGEST:
        address = ""
    return Download(name=f"{name}.csv", address=address, n_rows=len(frame))


def _harmless(value: object) -> object:
    """Disarm spreadsheet formulas."""
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return "'" + value
    return value
