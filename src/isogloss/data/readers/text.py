"""Plain text: one sentence or paragraph per line, or in a column of a table."""

from collections.abc import Iterator
from itertools import islice
from typing import Final

from isogloss.data.readers.headers import find_named, resolve_columns
from isogloss.data.readers.lines import SourceFile
from isogloss.data.readers.reading import Account, Reading
from isogloss.data.readers.records import read_records

_AS_IT_STANDS: Final = Reading()


def read_text(file: SourceFile, *, reading: Reading = _AS_IT_STANDS) -> Iterator[str]:
    """Stream the lines of a plain-text file.

    Args:
        file: a UTF-8 file, one sentence or paragraph per line; with `columns` or `prefix`, a TSV or
            CSV file.
        reading: what a mapping says.

    Yields:
        Each line without its line end, otherwise as it stands. Lines of white space only are
        passed over: there is nothing to learn or to score in them.

    Raises:
        InputError: not UTF-8, not readable, or no text at all.
    """
    if reading.columns or reading.prefix:
        lines = _column(file, reading)
    else:
        lines = (line for _, line in file.lines() if line and not line.isspace())
        lines = islice(lines, reading.limit)
    found = False
    for line in lines:
        found = True
        yield line
    if not found:
        raise file.empty("line of text")


def _column(file: SourceFile, reading: Reading) -> Iterator[str]:
    """Stream the lines in one column of a table."""
    account = Account(file.at(), reading)
    place: dict[str, int] = {}
    n_columns = n_rows = n_read = 0
    for number, fields in read_records(file, reading):
        if not place:
            place, has_header = _place(file, number, fields, reading)
            n_columns = len(fields)
            if has_header:
                continue
        if len(fields) != n_columns:
            account.broken(
                number,
                file.error(
                    number,
                    expected=f"{n_columns} columns, as in the first line",
                    found=f"{len(fields)}: {' | '.join(fields)[:60]!r}",
                    next_step="Mend the line, or write `repair: skip` to leave such lines out.",
                ),
            )
            continue
        if reading.prefix and not fields[place["prefix"]].startswith(reading.prefix[1]):
            continue
        if n_rows == reading.limit:
            break
        n_rows += 1
        lines = [line for line in fields[place["text"]].split("\n") if line.strip()]
        n_read += bool(lines)
        yield from lines
    account.close(n_read)


def _place(
    file: SourceFile, number: int, fields: list[str], reading: Reading
) -> tuple[dict[str, int], bool]:
    """Return where text and prefix stand, and whether the first line is a header."""
    given = dict(reading.columns)
    if reading.prefix:
        given["prefix"] = reading.prefix[0]
    place = resolve_columns(file, number, fields, given)
    named = {} if reading.header is False else find_named(fields)
    has_header = bool(reading.header) or any(isinstance(one, str) for one in given.values())
    if "text" in place:
        return place, has_header or named.get("text") == place["text"]
    if "text" in named:
        return {"text": named["text"], **place}, True
    raise file.error(
        number,
        expected="a column of text",
        found=f"{len(fields)} columns, of which none is named",
        next_step="Say which it is, by name or number: `columns: {text: 2}`.",
    )
