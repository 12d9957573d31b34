"""Tagged sentences in columns: token first, tag last, a blank line between sentences."""

from collections.abc import Iterator

from isogloss.data.readers.examples import TaggedSentence
from isogloss.data.readers.lines import SourceFile

NumberedSentence = tuple[int, TaggedSentence]


def read_columns(file: SourceFile) -> Iterator[NumberedSentence]:
    """Stream the sentences of a column file.

    The first line that is not blank sets the form of the file: columns divided by tabs if it has a
    tab, else by single spaces (U+0020 only, so a token may hold a no-break space), and how many
    there are. The token is the first column and the tag the last, as in `token TAB tag`,
    `token SPACE tag`, `token TAB characters TAB tag` and CoNLL-2003's four columns. Lines of
    `-DOCSTART-` are passed over.

    Args:
        file: UTF-8, one token per line.

    Yields:
        (line of the sentence's first token, sentence).

    Raises:
        InputError: a line with another number of columns, an empty token or tag, or no sentence.
    """
    separator, n_columns, start = "", 0, 0
    tokens: list[str] = []
    tags: list[str] = []
    found = False
    for number, line in file.lines():
        if not line.strip(" \t"):
            if tokens:
                found = True
                yield start, TaggedSentence(tuple(tokens), tuple(tags))
                tokens, tags = [], []
            continue
        if not separator:
            separator = "\t" if "\t" in line else " "
            n_columns = line.count(separator) + 1
        token, tag = _columns(file, number, line, separator=separator, n_columns=n_columns)
        if token == "-DOCSTART-":
            continue
        start = start if tokens else number
        tokens.append(token)
        tags.append(tag)
    if tokens:
        yield start, TaggedSentence(tuple(tokens), tuple(tags))
    elif not found:
        raise file.empty("tagged sentence")


def _columns(
    file: SourceFile, number: int, line: str, *, separator: str, n_columns: int
) -> tuple[str, str]:
    """Return token and tag of one line, or refuse it."""
    columns = line.split(separator)
    name = "tab" if separator == "\t" else "space"
    if len(columns) < 2 or len(columns) != n_columns:
        wanted = f"{max(n_columns, 2)} columns divided by one {name}"
        raise file.error(
            number,
            expected=f"{wanted} (as in the first line), token first and tag last",
            found=f"{len(columns)}: {line[:60]!r}",
            next_step="Mend the line; a blank line ends a sentence.",
        )
    token, tag = columns[0], columns[-1]
    if not token.strip() or not tag.strip():
        missing = "tag" if token.strip() else "token"
        raise file.error(
            number,
            expected="a token and a tag",
            found=f"an empty {missing}: {line[:60]!r}",
            next_step="Remove the line, or fill it.",
        )
    return token, tag
