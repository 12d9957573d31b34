"""Parallel text: one translation pair per line, the two sides divided by a tab."""

from collections.abc import Iterator

from isogloss.data.readers.lines import SourceFile


def read_pairs(file: SourceFile) -> Iterator[tuple[str, str]]:
    """Stream the translation pairs of a two-column TSV file without header.

    Args:
        file: UTF-8, `first TAB second` on every line; blank lines are passed over.

    Yields:
        (first, second), as they stand.

    Raises:
        InputError: a line has not two columns, or one of them is empty; or there is no pair.
    """
    found = False
    for number, line in file.lines():
        if not line.strip():
            continue
        columns = line.split("\t")
        if len(columns) != 2 or not all(column.strip() for column in columns):
            empty = ", of which empty ones" if len(columns) == 2 else ""
            raise file.error(
                number,
                expected="two sentences divided by one tab",
                found=f"{len(columns)} columns{empty}",
                next_step="Remove the line, or the tabs inside the sentences.",
            )
        found = True
        yield columns[0], columns[1]
    if not found:
        raise file.empty("translation pair")
