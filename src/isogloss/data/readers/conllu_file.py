"""CoNLL-U, the format of Universal Dependencies, parsed by the `conllu` package.

Reference:
    https://universaldependencies.org/format.html
"""

import re
from collections.abc import Iterator
from typing import Final

import conllu
from conllu.exceptions import ParseException

from isogloss.data.readers.columns import NumberedSentence
from isogloss.data.readers.examples import TaggedSentence
from isogloss.data.readers.lines import SourceFile

# A comment of UD, or an ID and most of the columns. `# SYM` alone may be a token and its tag.
_FIRST_LINE: Final = re.compile(
    r"# (sent_id|text|newdoc|newpar|global\.columns)\b|\d+([-.]\d+)?\t(.*\t){6}"
)
Block = list[tuple[int, str]]


def looks_like_conllu(line: str) -> bool:
    """Tell from its first line with content whether a file is CoNLL-U."""
    return _FIRST_LINE.match(line) is not None


def read_conllu(file: SourceFile) -> Iterator[NumberedSentence]:
    """Stream the sentences of a CoNLL-U file as syntactic words with their UPOS tags.

    A multi-word token (`1-2 du`) is passed over in favour of its words (`1 de`, `2 le`), which
    carry the tags; an empty node (`8.1`) stands for a word that was not written and is passed
    over too.

    Args:
        file: UTF-8, ten columns divided by tabs, a blank line after each sentence.

    Yields:
        (line of the sentence's first word, sentence).

    Raises:
        InputError: a line without ten columns, a value that the format forbids, a word without
            UPOS, or no sentence.
    """
    found = False
    for block in _blocks(file):
        sentence = _sentence(file, block)
        if sentence:
            found = True
            yield sentence
    if not found:
        raise file.empty("CoNLL-U sentence")


def _blocks(file: SourceFile) -> Iterator[Block]:
    """Divide the file at blank lines and take the comments out."""
    block: Block = []
    for number, line in file.lines():
        if not line.strip():
            if block:
                yield block
            block = []
        elif not line.startswith("#"):
            block.append((number, line))
    if block:
        yield block


def _sentence(file: SourceFile, block: Block) -> NumberedSentence | None:
    """Parse one sentence; where that fails, parse its lines one by one to name the bad one."""
    for number, line in block:
        if line.count("\t") != 9:
            raise _error(file, number, f"{line.count(chr(9)) + 1} columns: {line[:60]!r}")
    try:
        return _words(file, block, "\n".join(line for _, line in block))
    except (ParseException, ValueError) as error:
        for number, line in block:
            try:
                conllu.parse(f"{line}\n\n")
            except (ParseException, ValueError) as cause:
                raise _error(file, number, str(cause)) from error
        raise _error(file, block[0][0], str(error)) from error


def _words(file: SourceFile, block: Block, text: str) -> NumberedSentence | None:
    """Return the syntactic words of one sentence."""
    tokens: list[str] = []
    tags: list[str] = []
    first = 0
    [parsed] = conllu.parse(f"{text}\n\n") or [[]]
    for (number, _), token in zip(block, parsed, strict=True):
        # The package gives a range or an empty node as a tuple (1, "-", 2) or (8, ".", 1).
        if not isinstance(token["id"], int):
            continue
        form, tag = token["form"], token["upos"]
        if not form or not tag or tag == "_":
            raise _error(file, number, f"a word without {'UPOS tag' if form else 'form'}")
        first = first or number
        tokens.append(form)
        tags.append(tag)
    return (first, TaggedSentence(tuple(tokens), tuple(tags))) if tokens else None


def _error(file: SourceFile, number: int, found: str) -> Exception:
    return file.error(
        number,
        expected="CoNLL-U: ten columns divided by tabs, with ID, FORM and UPOS",
        found=found,
        next_step="See https://universaldependencies.org/format.html, or run the validator of UD.",
    )
