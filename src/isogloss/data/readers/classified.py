"""Labelled texts and pairs of texts in TSV files, with or without a header."""

from collections.abc import Iterator, Sequence
from typing import Final

from isogloss.data.readers.examples import ClassifiedText
from isogloss.data.readers.lines import SourceFile

_LABELS: Final = ("label", "category", "gold_label", "topic", "class")
_TEXTS: Final = ("text", "sentence", "premise", "sentence1")
_PAIRS: Final = ("hypothesis", "sentence2")
_NOT_A_LABEL: Final = frozenset(["", "nan", "null", "n/a"])
Place = tuple[int, int | None, int]  # columns of text, pair and label


def read_classified(file: SourceFile) -> list[ClassifiedText]:
    """Read a TSV file of classified texts.

    A first line that names a text and a label column is a header: columns are found by name
    (`text`, `sentence`, `premise`; `hypothesis`, `sentence2`; `label`, `category`, ...), others are
    passed over, and fields are unquoted as CSV writers quote them. Without header a line is
    `text TAB label` or `premise TAB hypothesis TAB label`, and quotation marks are text.

    Args:
        file: UTF-8, one example per line; blank lines are passed over.

    Returns:
        The examples, in the order of the file.

    Raises:
        InputError: wrong number of columns, an empty text, a missing label (also `nan` or `null`),
            or no example.
    """
    rows = (
        (number, line.split("\t")) for number, line in file.lines() if line and not line.isspace()
    )
    first = next(rows, None)
    if first is None:
        raise file.empty("labelled example")
    number, columns = first
    place = _header(columns)
    if place:
        texts = [
            _example(file, n, [_unquoted(field) for field in row], place, len(columns))
            for n, row in rows
        ]
        if not texts:
            raise file.empty("labelled example under the header")
        return texts
    place = _by_position(file, number, columns)
    return [_example(file, n, row, place, len(columns)) for n, row in _chain(first, rows)]


def _chain(
    first: tuple[int, list[str]], rest: Iterator[tuple[int, list[str]]]
) -> Iterator[tuple[int, list[str]]]:
    yield first
    yield from rest


def _header(columns: Sequence[str]) -> Place | None:
    """Return where text, pair and label stand if `columns` are names, else None."""
    names = [column.strip().strip('"').lower() for column in columns]

    def find(wanted: Sequence[str]) -> int | None:
        return next((names.index(name) for name in wanted if name in names), None)

    text, label = find(_TEXTS), find(_LABELS)
    return None if text is None or label is None else (text, find(_PAIRS), label)


def _by_position(file: SourceFile, number: int, columns: Sequence[str]) -> Place:
    if len(columns) == 2:
        return 0, None, 1
    if len(columns) == 3:
        return 0, 1, 2
    raise file.error(
        number,
        expected="`text TAB label`, `premise TAB hypothesis TAB label`, or a header with the "
        f"columns text and label (known names: {', '.join((*_TEXTS, *_PAIRS, *_LABELS))})",
        found=f"{len(columns)} columns: {' | '.join(columns)[:60]!r}",
        next_step="Add a header line that names the columns.",
    )


def _example(
    file: SourceFile, number: int, row: Sequence[str], place: Place, n_columns: int
) -> ClassifiedText:
    """Build one example, or refuse its line."""
    if len(row) != n_columns:
        raise file.error(
            number,
            expected=f"{n_columns} columns divided by tabs, as in the first line",
            found=f"{len(row)}: {' | '.join(row)[:60]!r}",
            next_step="Mend the line; a text may not contain a tab.",
        )
    text, pair, label = row[place[0]], None if place[1] is None else row[place[1]], row[place[2]]
    if label.strip().lower() in _NOT_A_LABEL:
        raise file.error(
            number,
            expected="a label",
            found=f"`{label}`",
            next_step="Label the example, or remove it.",
        )
    if not text.strip() or (pair is not None and not pair.strip()):
        raise file.error(
            number,
            expected="a text" if pair is None else "two texts",
            found="an empty one",
            next_step="Fill the text, or remove the line.",
        )
    return ClassifiedText(text, pair, label.strip())


def _unquoted(field: str) -> str:
    """Undo CSV quoting where a field is quoted as the rules of CSV have it; else leave it."""
    inner = field[1:-1]
    quoted = len(field) > 1 and field[0] == field[-1] == '"'
    if quoted and '"' not in inner.replace('""', ""):
        return inner.replace('""', '"')
    return field
