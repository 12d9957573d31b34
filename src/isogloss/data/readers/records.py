"""Records of TSV and CSV files: fields with or without the quotation marks of CSV writers.

Quoted fields may hold delimiters, line ends and doubled quotation marks, as in Python's dialects
`excel` and `excel-tab`. Many corpora are TSV without any quoting, and a quotation mark is text in
them; which of the two a file is, the whole file says.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from isogloss.data.readers.lines import SourceFile
from isogloss.data.readers.reading import Reading

Record = tuple[int, list[str]]  # number of the first line; fields
# A quotation mark that never closes must not gather the whole file.
_MOST_LINES: Final = 1000
_QUOTED: Final = re.compile(r'"((?:[^"]++|"")*+)"')


@dataclass(frozen=True)
class Dialect:
    """How the fields of a file are divided.

    Args:
        delimiter: tab, comma or semicolon.
        quoted: fields may be quoted; else quotation marks are text.
    """

    delimiter: str
    quoted: bool


def read_records(file: SourceFile, reading: Reading) -> Iterator[Record]:
    """Stream the records of a TSV or CSV file.

    Args:
        file: UTF-8; divided by tabs, or, if its name ends in `.csv` and its first line has no tab,
            by commas or semicolons. Blank lines are passed over.
        reading: `quoting` says whether fields are quoted; where it is None, the file says it.

    Yields:
        (number of the record's first line, fields without their quotation marks).

    Raises:
        InputError: a quotation mark that is not closed, or a file that reads well with and without
            quoting, but not alike.
    """
    dialect = find_dialect(file, reading.quoting)
    if not dialect.quoted:
        for number, line in file.lines():
            if line and not line.isspace():
                yield number, line.split(dialect.delimiter)
        return
    for record in _quoted_records(file, dialect.delimiter):
        if record.is_open:
            raise file.error(
                record.number,
                expected="a quotation mark that closes the field",
                found="none in what follows",
                next_step="Close it, double it if it is text, or say `quoting: none` in a mapping.",
            )
        yield record.number, record.fields


def find_dialect(file: SourceFile, quoting: bool | None) -> Dialect:
    """Find out how the fields of a file are divided.

    Args:
        file: the file.
        quoting: whether fields are quoted, if that is known.

    Raises:
        InputError: the file reads well with and without quoting, but not alike.
    """
    first = next((line for _, line in file.lines() if line and not line.isspace()), "")
    if "\t" in first or file.path.suffix.lower() != ".csv":
        quoted = _is_quoted(file, len(first.split("\t"))) if quoting is None else quoting
        return Dialect("\t", quoted)
    delimiter = ";" if first.count(";") > first.count(",") else ","
    return Dialect(delimiter, quoting is not False)


class _Quoted(NamedTuple):
    """One record of a file whose fields may be quoted."""

    number: int
    lines: list[str]
    fields: list[str]
    quoted: list[bool]
    is_strict: bool  # every quotation mark stands where a CSV writer writes it
    is_open: bool  # a field is quoted and not closed


def _quoted_records(file: SourceFile, delimiter: str) -> Iterator[_Quoted]:
    """Stream records; lines are joined while a quoted field is open."""
    held: list[str] = []
    start = 0
    for number, line in file.lines():
        if not held and (not line or line.isspace()):
            continue
        start = start if held else number
        held.append(line)
        # Only a line with a quotation mark can close a field.
        if len(held) > 1 and '"' not in line and len(held) < _MOST_LINES:
            continue
        record = _divided(start, held, delimiter)
        if not record.is_open or len(held) >= _MOST_LINES:
            yield record
            held = []
    if held:
        yield _divided(start, held, delimiter)


def _divided(number: int, lines: list[str], delimiter: str) -> _Quoted:
    """Divide the lines of one record into its fields."""
    text = "\n".join(lines)
    fields: list[str] = []
    quoted: list[bool] = []
    position, strict, is_open = 0, True, False
    while position <= len(text):
        match = _QUOTED.match(text, position)
        if match and (match.end() == len(text) or text[match.end()] == delimiter):
            fields.append(match[1].replace('""', '"'))
            quoted.append(True)
            position = match.end() + 1
            continue
        end = text.find(delimiter, position)
        end = len(text) if end < 0 else end
        field = text[position:end]
        strict = strict and '"' not in field
        is_open = is_open or (match is None and field.startswith('"'))
        fields.append(field)
        quoted.append(False)
        position = end + 1
    return _Quoted(number, lines, fields, quoted, strict, is_open)


def _is_quoted(file: SourceFile, n_columns: int) -> bool:
    """Tell whether the fields of a TSV file are quoted as CSV writers do it.

    They are, if every quotation mark of the file stands where such a writer puts it, and some of
    them are needed: around a tab, a line end or a doubled mark, or around all fields of a column.
    """
    needed, n_records = False, 0
    n_quoted: dict[int, int] = {}
    fits_unquoted, differs_at = True, 0
    for record in _quoted_records(file, "\t"):
        if not record.is_strict or record.is_open:
            return False
        n_records += 1
        for column, is_quoted in enumerate(record.quoted):
            if is_quoted:
                n_quoted[column] = n_quoted.get(column, 0) + 1
                needed = needed or _needs_quotes(record.fields[column])
        counts = [line.count("\t") + 1 for line in record.lines]
        fits_unquoted = fits_unquoted and set(counts) == {n_columns}
        if not differs_at and counts != [len(record.fields)]:
            differs_at = record.number
    if differs_at and fits_unquoted:
        raise file.error(
            differs_at,
            expected="a file that is quoted as CSV, or one that is not",
            found="quotation marks that may join fields or lines, or be text",
            next_step="Say which it is, in a mapping: `quoting: csv` or `quoting: none`.",
        )
    # Header lines are often unquoted.
    whole = bool(n_quoted) and min(n_quoted.values()) >= n_records - 1
    return needed or (n_records > 2 and whole)


def _needs_quotes(field: str) -> bool:
    return any(mark in field for mark in '\t\n\r"')
