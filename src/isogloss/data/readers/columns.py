"""Tagged sentences in columns: one word a line, a blank line between sentences."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from isogloss.core import InputError
from isogloss.data.readers.layout import DOCUMENT, NUMBER, Layout
from isogloss.data.readers.lines import SourceFile
from isogloss.data.readers.reading import Account

# How lines begin that may be no word: blank ones, `-DOCSTART-` and comments.
_ODD: Final = frozenset(["", " ", "\t", DOCUMENT[0], "#"])
_DIVIDERS: Final = {"tab": "one tab", "space": "one space", "spaces": "spaces"}


class NumberedSentence(NamedTuple):
    """A sentence and where it stands.

    Args:
        lines: number of the line, or row, of each word.
        tokens: the words.
        tags: one tag for each word.
        identifier: of the sentence, as translations of it have it too.
    """

    lines: tuple[int, ...]
    tokens: tuple[str, ...]
    tags: tuple[str, ...]
    identifier: str = ""


def read_columns(file: SourceFile, layout: Layout, account: Account) -> Iterator[NumberedSentence]:
    """Stream the sentences of a column file.

    Args:
        file: UTF-8, one word per line.
        layout: how its columns are divided, and what stands in which.
        account: is told which sentences are broken.

    Yields:
        Each sentence that is not broken, with its lines.

    Raises:
        InputError: the file cannot be read.
    """
    for place, block in enumerate(_blocks(file, layout), start=1):
        rows = [(number, layout.fields(line)) for number, line in block]
        error = next(filter(None, (_complaint(file, layout, *row) for row in rows)), None)
        if error is not None:
            account.broken(error[0], error[1])
            continue
        if layout.number is not None:
            rows = [row for row in rows if not layout.is_range(row[1])]
        if rows:
            yield NumberedSentence(
                tuple(number for number, _ in rows),
                tuple(fields[layout.token] for _, fields in rows),
                tuple(fields[layout.tag] for _, fields in rows),
                f"#{place}",
            )


def _blocks(file: SourceFile, layout: Layout) -> Iterator[list[tuple[int, str]]]:
    """Divide the file into sentences of numbered lines, without header and comments."""
    block: list[tuple[int, str]] = []
    identifier = ""
    is_named = layout.sentence is not None
    for number, line in file.lines():
        is_odd = line[:1] in _ODD
        is_end = is_odd and (not line.strip(" \t") or line.startswith(DOCUMENT))
        is_comment = is_odd and not is_end and layout.is_comment(line, first=not block)
        if is_comment or (number == layout.header and not is_end):
            continue
        here = (is_named and layout.sentence_of(line)) or identifier
        if block and (is_end or here != identifier):
            yield block
            block = []
        if not is_end:
            block.append((number, line))
            identifier = here
    if block:
        yield block


def _complaint(
    file: SourceFile, layout: Layout, number: int, fields: Sequence[str]
) -> tuple[int, InputError] | None:
    """Return what is wrong with a line, if anything."""
    if len(fields) != layout.n_columns:
        return number, file.error(
            number,
            expected=f"{layout.n_columns} columns divided by {_DIVIDERS[layout.divider]}, as in "
            "the other lines",
            found=f"{len(fields)}: {_shown(layout, fields)}",
            next_step="Mend the line; a blank line ends a sentence.",
        )
    if layout.number is not None and not NUMBER.fullmatch(fields[layout.number]):
        return number, file.error(
            number,
            expected=f"a number in column {layout.number + 1}, as in the other lines",
            found=f"`{fields[layout.number][:40]}`",
            next_step="Mend the line.",
        )
    if fields[layout.token].strip() and fields[layout.tag].strip():
        return None
    is_token = not fields[layout.token].strip()
    name, column = ("token", layout.token) if is_token else ("tag", layout.tag)
    return number, file.error(
        number,
        expected="a token and a tag",
        found=f"an empty {name} in column {column + 1}: {_shown(layout, fields)}",
        next_step="Remove the line, or fill it.",
    )


def _shown(layout: Layout, fields: Sequence[str]) -> str:
    return repr(("\t" if layout.divider == "tab" else " ").join(fields)[:60])
