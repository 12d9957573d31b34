"""Parallel text: translation pairs in columns, or line by line in two files."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Final

from isogloss.core import InputError, Language
from isogloss.data.readers.classified import trimmed
from isogloss.data.readers.headers import plain_name, resolve_columns, shown_columns
from isogloss.data.readers.lines import SourceFile
from isogloss.data.readers.reading import Account, Reading
from isogloss.data.readers.records import read_records

Pair = tuple[str, str]
_AS_IT_STANDS: Final = Reading()
_SIDES: Final = (
    *(("source", "target"), ("src", "tgt"), ("src", "trg"), ("first", "second")),
    *(("sentence1", "sentence2"), ("source_text", "target_text")),
)
_BLANK: Final = "Fill it, or remove the line; `repair: skip` in a mapping leaves such pairs out."


def read_pairs(file: SourceFile, *, reading: Reading = _AS_IT_STANDS) -> Iterator[Pair]:
    """Stream the translation pairs of a TSV or CSV file.

    A first line that names the two languages (or source and target) is a header; the columns are
    then taken by their names, whatever their order. Without header there are two columns, in the
    order of the languages.

    Args:
        file: UTF-8; its language is the two languages, joined by `+`. Blank lines are passed over.
        reading: what a mapping says.

    Yields:
        (first, second), as they stand.

    Raises:
        InputError: other columns, an empty side (after all pairs, with all such lines), or no pair.
    """
    account = Account(file.at(), reading)
    place: dict[str, int] = {}
    n_columns = n_rows = n_pairs = 0
    for number, fields in read_records(file, reading):
        if not place:
            place, has_header = _place(file, number, fields, reading)
            n_columns = max(len(trimmed(fields, 2)), max(place.values()) + 1)
            if has_header:
                continue
        fields = trimmed(fields, n_columns)
        if len(fields) != n_columns:
            account.broken(number, _not_a_pair(file, number, fields, n_columns))
            continue
        if reading.prefix and not fields[place["prefix"]].startswith(reading.prefix[1]):
            continue
        if n_rows == reading.limit:
            break
        n_rows += 1
        first, second = fields[place["first"]], fields[place["second"]]
        if not first.strip() or not second.strip():
            account.broken(number, _blank(file, number))
            continue
        n_pairs += 1
        yield first, second
    account.close(n_pairs)
    if not n_pairs:
        raise file.empty("translation pair")


def read_aligned(
    first: SourceFile, second: SourceFile, *, reading: Reading = _AS_IT_STANDS
) -> Iterator[Pair]:
    """Stream translation pairs of two files: line n of one translates line n of the other.

    Args:
        first: UTF-8, one sentence per line.
        second: as many lines. Lines that are blank in both files are passed over.
        reading: what a mapping says.

    Yields:
        (first, second), as they stand.

    Raises:
        InputError: the files are of unequal length, one side is blank (after all pairs, with all
            such lines), or there is no pair.
    """
    account = Account(f"{first.at()} and {second.at()}", reading)
    n_rows = n_pairs = 0
    for one, other in zip_longest(first.lines(), second.lines()):
        if one is None or other is None:
            shorter, longer = (first, second) if one is None else (second, first)
            raise longer.error(
                (one or other or (0, ""))[0],
                expected="as many lines as in the other file",
                found=f"more than in {shorter.path.name}",
                next_step="Align the files: line n of one translates line n of the other.",
            )
        number, here = one
        there = other[1]
        if not here.strip() and not there.strip():
            continue
        if n_rows == reading.limit:
            break
        n_rows += 1
        if not here.strip() or not there.strip():
            account.broken(number, _blank(first if not here.strip() else second, number))
            continue
        n_pairs += 1
        yield here, there
    account.close(n_pairs)
    if not n_pairs:
        raise first.empty("translation pair")


def _place(
    file: SourceFile, number: int, fields: Sequence[str], reading: Reading
) -> tuple[dict[str, int], bool]:
    """Return where the sides stand, and whether the first line is a header."""
    given = dict(reading.columns)
    if reading.prefix:
        given["prefix"] = reading.prefix[0]
    place = resolve_columns(file, number, fields, given)
    by_name = any(isinstance(column, str) for column in given.values())
    named = {} if reading.header is False else _named(file, number, fields, reading)
    place = {**named, **place}
    if {"first", "second"} <= set(place):
        return place, by_name or bool(named) or bool(reading.header)
    if len(trimmed(list(fields), 2)) == 2 and not reading.columns:
        return {"first": 0, "second": 1, **place}, by_name or bool(reading.header)
    raise file.error(
        number,
        expected="two sentences divided by one tab, or a header that names the two languages",
        found=f"the columns {shown_columns(fields)}",
        next_step="Say in a mapping which column is what, by name or number: "
        "`columns: {first: 1, second: 2}`.",
    )


def _named(
    file: SourceFile, number: int, fields: Sequence[str], reading: Reading
) -> dict[str, int]:
    """Return where a header names the two sides; nothing if the line is a pair."""
    names = [plain_name(field) for field in fields]
    for first, second in _SIDES:
        if first in names and second in names:
            return {"first": names.index(first), "second": names.index(second)}
    codes = [_code(field) for field in fields]
    wanted = [_code(name) for name in file.language.split("+")]
    if None in wanted or len(wanted) != 2:
        return {}
    there = [codes.index(code) if code in codes else None for code in wanted]
    if None not in there and there[0] != there[1]:
        return {"first": int(there[0] or 0), "second": int(there[1] or 0)}
    if there != [None, None] and reading.header is None and not reading.columns:
        raise file.error(
            number,
            expected="a header that names both languages, or a pair of sentences",
            found=f"the columns {shown_columns(fields)}, one of which names a language",
            next_step="Say which it is, in a mapping: `header: true` or `header: false`.",
        )
    return {}


def _code(name: str) -> str | None:
    """Return the code of the language that a column's name names."""
    try:
        return Language.parse(name.strip()).code if name.strip() else None
    except InputError:
        return None


def _not_a_pair(file: SourceFile, number: int, fields: Sequence[str], n_columns: int) -> InputError:
    wanted = "two sentences divided by one tab" if n_columns == 2 else f"{n_columns} columns"
    return file.error(
        number,
        expected=wanted,
        found=f"{len(fields)} columns: {' | '.join(fields)[:60]!r}",
        next_step="Remove the line, or the tabs inside the sentences.",
    )


def _blank(file: SourceFile, number: int) -> InputError:
    return file.error(number, expected="two sentences", found="an empty one", next_step=_BLANK)
