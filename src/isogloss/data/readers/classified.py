"""Labelled texts and pairs of texts in TSV and CSV files, with or without a header."""

import warnings
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from isogloss.core import InputError
from isogloss.data.readers.examples import ClassifiedText, DataWarning
from isogloss.data.readers.headers import (
    Found,
    find_named,
    has_known_name,
    identifier_column,
    is_name_of,
    resolve_columns,
    shown_columns,
)
from isogloss.data.readers.labelled import LabelledRows, are_no_classes
from isogloss.data.readers.lines import SourceFile
from isogloss.data.readers.reading import Account, Reading
from isogloss.data.readers.records import Record, read_records

_AS_IT_STANDS: Final = Reading()
_MOST_NAME_WORDS: Final = 2


def read_classified(
    file: SourceFile, *, paired: bool = False, reading: Reading = _AS_IT_STANDS
) -> list[ClassifiedText]:
    """Read a file of classified texts.

    A first line that names a text and a label column is a header: columns are found by name
    (`text`, `sentence`, `premise`; `hypothesis`, `sentence2`; `label`, `category`, ...), others are
    passed over. Without header a line is `text TAB label` or `premise TAB hypothesis TAB label`.
    Where neither is plain, the file is refused with the columns it has.

    Examples without a gold label (empty, `-`, `-1`) are left out and counted in a `DataWarning`.

    Args:
        file: UTF-8, one example per record; blank lines are passed over.
        paired: the examples are pairs of texts, as in natural language inference.
        reading: what a mapping says.

    Returns:
        The examples, in the order of the file.

    Raises:
        InputError: wrong number of columns, an empty text, no example, or columns that nothing
            names.
    """
    records = list(read_records(file, reading))
    if not records:
        raise file.empty("labelled example")
    layout = _Layout(file, records, reading, paired)
    place, has_header = layout.found()
    n_columns = layout.n_columns
    if has_header and len(records) == 1:
        raise file.empty("labelled example under the header")
    rows = LabelledRows(
        Account(file.at(), reading),
        lambda number, expected, found, step: file.error(
            number or None, expected=expected, found=found, next_step=step
        ),
        paired,
    )
    identifiers = layout.identifiers() if has_header else {}
    n_rows = n_broken = 0
    for number, fields in records[has_header:]:
        fields = trimmed(fields, n_columns)
        if len(fields) != n_columns:
            n_broken += 1
            rows.account.broken(number, _wrong_width(file, number, fields, n_columns))
            continue
        if reading.prefix and not fields[place["prefix"]].startswith(reading.prefix[1]):
            continue
        if n_rows == reading.limit:
            break
        n_rows += 1
        pair = fields[place["pair"]] if "pair" in place else None
        identifier = identifiers.get(number, f"#{n_rows + n_broken}")
        rows.add(number, fields[place["text"]], pair, fields[place["label"]], identifier)
    examples = rows.close()
    if not examples:
        raise _nothing(file, reading)
    if not has_header and not reading.columns and are_no_classes(examples):
        raise layout.no_classes(examples[0].label)
    return examples


def trimmed(fields: list[str], n_columns: int) -> list[str]:
    """Return a record without the empty fields that trailing delimiters make."""
    while len(fields) > n_columns and not fields[-1].strip():
        fields = fields[:-1]
    return fields


@dataclass
class _Layout:
    """Finds out which column is what, and whether the first line is a header."""

    file: SourceFile
    records: Sequence[Record]
    reading: Reading
    paired: bool
    n_columns: int = 0

    def found(self) -> tuple[Found, bool]:
        """Return use -> index of its column, and whether the first line is a header."""
        widest = max(len(self._filled(fields)) for _, fields in self.records)
        self.n_columns = min(len(self.records[0][1]), max(widest, 1))
        given = dict(self.reading.columns)
        if self.reading.prefix:
            given["prefix"] = self.reading.prefix[0]
        names = [name for name in given.values() if isinstance(name, str)]
        if names and self.reading.header is False:
            raise self._error(
                "numbers in `columns` and `prefix`, as `header: false` says",
                f"the name `{names[0]}`",
                "Write the number of the column, from 1.",
            )
        place = resolve_columns(self.file, self._line, self._first, given)
        needed = {"text", "label", *(["pair"] if self.paired else [])}
        if needed <= set(place):
            return place, bool(names) or self._has_header(place)
        named = {**find_named(self._first), **place}
        if self.reading.header is not False and self._is_named(named, needed, given):
            return named, True
        if self.reading.header or names:
            raise self._unknown(needed)
        return self._by_position(place, needed)

    def identifiers(self) -> dict[int, str]:
        """Return the identifier of each line under a header that names a column of them."""
        column = identifier_column(self._first)
        if column is None:
            return {}
        filled = [(number, row[column].strip()) for number, row in self.records[1:] if row[column:]]
        distinct = {identifier for _, identifier in filled}
        return dict(filled) if len(distinct) == len(filled) and "" not in distinct else {}

    @property
    def _line(self) -> int:
        return self.records[0][0]

    @property
    def _first(self) -> list[str]:
        return self.records[0][1][: self.n_columns]

    def _filled(self, fields: Sequence[str]) -> Sequence[str]:
        n = len(fields)
        while n and not fields[n - 1].strip():
            n -= 1
        return fields[:n]

    def _is_named(self, named: Found, needed: set[str], given: object) -> bool:
        """Tell whether the first line names what is needed; two columns complete each other."""
        known = find_named(self._first)
        if not known and not given:
            return False
        if len(self._first) == 2 and len(known) == 1 and not self.paired:
            [(use, index)] = known.items()
            if use in needed and self._stands_alone({"label": named.get("label", 1 - index)}):
                named |= {({"text", "label"} - {use}).pop(): 1 - index}
        return needed <= set(named) and bool(known)

    def _by_position(self, place: Found, needed: set[str]) -> tuple[Found, bool]:
        """Take the usual order, unless something speaks against it."""
        if place.keys() - {"prefix"}:
            raise self._unknown(needed)
        if self.n_columns == 3 and (self.paired or not self._has_identifiers()):
            usual = {"text": 0, "pair": 1, "label": 2}
        elif self.n_columns == 2 and not self.paired:
            usual = {"text": 0, "label": 1}
        else:
            raise self._unknown(needed)
        return usual | place, self._has_header(usual)

    def _has_identifiers(self) -> bool:
        """Tell whether the first of three columns holds identifiers and no texts."""
        firsts = [fields[0].strip() for _, fields in self.records]
        with_space = sum(" " in first for first in firsts)
        return len(firsts) > 1 and len(set(firsts)) == len(firsts) and not with_space

    def _has_header(self, place: Found) -> bool:
        """Tell whether the first line is a header, or refuse to guess."""
        if self.reading.header is not None:
            return self.reading.header
        named = {use for use in place if is_name_of(self._first[place[use]], use)}
        if "label" in named and len(named) > 1:
            return True
        if not self._stands_alone(place):
            return False
        first = [field.strip() for field in self._first]
        if not has_known_name(first) and not self._is_unlike_texts(place["text"]):
            raise self._error(
                "a first line that is a header, or an example like the others",
                f"the label `{first[place['label']]}`, which no other line has, after "
                f"{shown_columns(first)}",
                "Say which it is, in a mapping: `header: true` or `header: false`.",
            )
        warnings.warn(
            f"{self.file.at(self._line)}: taken for a header, as its label "
            f"`{first[place['label']]}` stands on no other line; `header: false` in a mapping "
            "makes it an example",
            DataWarning,
            stacklevel=2,
        )
        return True

    def _is_unlike_texts(self, index: int) -> bool:
        """Tell whether the first line has a word or two where the others have sentences."""
        words = [len(fields[index].split()) for _, fields in self.records if len(fields) > index]
        longer = sum(n > _MOST_NAME_WORDS for n in words[1:])
        return words[0] <= _MOST_NAME_WORDS and longer > len(words) / 2

    def _stands_alone(self, place: Found) -> bool:
        """Tell whether the label of the first line is none of the others', which repeat."""
        index = place["label"]
        others = Counter(
            fields[index].strip() for _, fields in self.records[1:] if len(fields) > index
        )
        first = self._first[index].strip()
        repeated = any(n > 1 for label, n in others.items() if label)
        return repeated and bool(first) and first not in others

    def _unknown(self, needed: set[str]) -> InputError:
        order = [use for use in ("text", "pair", "label") if use in needed]
        example = ", ".join(f"{use}: {number}" for number, use in enumerate(order, start=1))
        what = "`premise TAB hypothesis TAB label`" if self.paired else "`text TAB label`"
        return self._error(
            f"{what}, or a header that names the columns {', '.join(order)}",
            f"the columns {shown_columns(self._first)}",
            f"Add a header line `{'TAB'.join(f' {use} ' for use in order).strip()}`, or say in a "
            f"mapping which column is what, by name or number: `columns: {{{example}}}`.",
        )

    def no_classes(self, label: str) -> InputError:
        """Return the error for labels that are as many as examples."""
        return self._error(
            "labels that several examples share",
            f"hardly two alike in column {self.n_columns}; the first is `{label[:40]}`",
            "Say in a mapping which column holds the label: `columns: {text: 2, label: 1}`.",
        )

    def _error(self, expected: str, found: str, next_step: str) -> InputError:
        return self.file.error(self._line, expected=expected, found=found, next_step=next_step)


def _wrong_width(
    file: SourceFile, number: int, fields: Sequence[str], n_columns: int
) -> InputError:
    return file.error(
        number,
        expected=f"{n_columns} columns, as in the first line",
        found=f"{len(fields)}: {' | '.join(fields)[:60]!r}",
        next_step="Mend the line: a tab or line end inside a text has to be quoted as CSV writers "
        "do it, in the whole file.",
    )


def _nothing(file: SourceFile, reading: Reading) -> InputError:
    if not reading.prefix:
        return file.empty("labelled example")
    column, beginning = reading.prefix
    return file.error(
        None,
        expected=f"at least one row whose column `{column}` begins with `{beginning}`",
        found="none",
        next_step="Mend `prefix` of the mapping, or leave the language or split out.",
    )
