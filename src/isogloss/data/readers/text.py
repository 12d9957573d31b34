"""Plain text: one sentence or paragraph per line."""

from collections.abc import Iterator

from isogloss.data.readers.lines import SourceFile


def read_text(file: SourceFile) -> Iterator[str]:
    """Stream the lines of a plain-text file.

    Args:
        file: a UTF-8 file, one sentence or paragraph per line.

    Yields:
        Each line without its line end, otherwise as it stands. Lines of white space only are
        passed over: there is nothing to learn or to score in them.

    Raises:
        InputError: not UTF-8, not readable, or no text at all.
    """
    found = False
    for _, line in file.lines():
        if line and not line.isspace():
            found = True
            yield line
    if not found:
        raise file.empty("line of text")
