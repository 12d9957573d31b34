"""CoNLL-U, the format of Universal Dependencies: the words that are written, with their tags.

Reference:
    https://universaldependencies.org/format.html
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

from isogloss.core import InputError
from isogloss.data.readers.columns import NumberedSentence
from isogloss.data.readers.layout import divided
from isogloss.data.readers.lines import SourceFile
from isogloss.data.readers.reading import Account, Column

_NAMES: Final = (
    *("ID", "FORM", "LEMMA", "UPOS", "XPOS", "FEATS", "HEAD", "DEPREL", "DEPS", "MISC"),
)
_FORM, _UPOS, _HEAD, _MISC = 1, 3, 6, 9
# A word, a multi-word token (1-2) or an empty node (8.1).
_ID: Final = re.compile(r"([0-9]{1,9})(?:([-.])([0-9]{1,9}))?")
_HEAD_NUMBER: Final = re.compile(r"[0-9]+|_")
_TABS: Final = re.compile(r"[0-9]+([-.][0-9]+)?\t(.*\t){6}")
_SPACES: Final = re.compile(r"[0-9]+([-.][0-9]+)?( +\S+){5} +([0-9]+|_)( +\S+){3} *")
_SENT_ID: Final = re.compile(r"#\s*sent_id\s*=\s*(\S.*?)\s*")
# Where DaNE, NorNE and other treebanks with entities write the tag.
_ENTITY: Final = re.compile(r"(?:^|\|)(?:name|ner)=([^|]*)", re.IGNORECASE)
Block = list[tuple[int, list[str]]]


def looks_like_conllu(file: SourceFile) -> bool:
    """Tell from its first line that is no comment whether a file is CoNLL-U.

    Raises:
        InputError: it is, but with spaces in place of the tabs.
    """
    for number, line in file.lines():
        if line.strip() and not line.startswith("#"):
            if _SPACES.fullmatch(line):
                raise _error(file, number, "spaces in place of the tabs")
            return _TABS.match(line) is not None
    return False


def read_conllu(
    file: SourceFile, account: Account, *, entities: bool
) -> Iterator[NumberedSentence]:
    """Stream the sentences of a CoNLL-U file as syntactic words with their tags.

    A multi-word token (`1-2 du`) is passed over in favour of its words (`1 de`, `2 le`), which
    carry the tags; an empty node (`8.1`) stands for a word that was not written and is passed
    over too. The tag of a word is its UPOS; of entity data `name=B-PER` in MISC, as in DaNE and
    NorNE.

    Args:
        file: UTF-8, ten columns divided by tabs, a blank line after each sentence.
        account: the columns that the mapping names; is told which sentences are broken.
        entities: entity tags are wanted.

    Yields:
        Each sentence that is not broken, with its lines.

    Raises:
        InputError: a column that the format does not have.
    """
    columns = {name: _column(file, name, of) for name, of in account.reading.columns.items()}
    form = columns.get("tokens", _FORM)
    tag = columns.get("tags", _MISC if entities else _UPOS)
    for identifier, block in _blocks(file, account):
        words = [(n, row) for n, row in block if row[0].isdecimal()]
        sentence = _sentence(file, account, words, form, tag) if words else None
        if sentence is not None:
            yield sentence._replace(identifier=identifier)


def _column(file: SourceFile, name: str, column: Column) -> int:
    """Return the place of a column that is given by name or number."""
    if isinstance(column, int) and 1 <= column <= len(_NAMES):
        return column - 1
    if str(column).upper() in _NAMES:
        return _NAMES.index(str(column).upper())
    raise file.error(
        None,
        expected=f"a column of CoNLL-U for `{name}`: 1 to 10, or {', '.join(_NAMES)}",
        found=f"`{column}`",
        next_step="Mend `columns` in the mapping.",
    )


def _blocks(file: SourceFile, account: Account) -> Iterator[tuple[str, Block]]:
    """Divide the file at blank lines and leave out comments and sentences with a broken line.

    Each sentence comes with its `sent_id`, or its place in the file where it has none.
    """
    block: Block = []
    identifier, place = "", 0
    for number, line in chain(file.lines(), [(0, "")]):
        if line.startswith("#"):
            named = _SENT_ID.fullmatch(line)
            identifier = named[1] if named else identifier
            continue
        if line.strip():
            block.append((number, divided(line, "tab")))
            continue
        place += bool(block)
        wrong = next(((n, row) for n, row in block if len(row) != len(_NAMES)), None)
        if wrong is not None:
            n, row = wrong
            text = "\t".join(row)
            account.broken(n, _error(file, n, f"{len(row)} columns: {text[:60]!r}"))
        elif block and _is_numbered(file, account, block):
            yield identifier or f"#{place}", block
        block, identifier = [], ""


@dataclass
class _Numbering:
    """The IDs of one sentence so far: its last word, the empty nodes after it, a token's reach."""

    word: int = 0
    node: int = 0
    covered: int = 0

    def complaint(self, identifier: str) -> str:
        """Return what is wrong with the next ID, or nothing."""
        match = _ID.fullmatch(identifier)
        if match is None:
            return "which is no number, range or empty node"
        first, mark, second = int(match[1]), match[2], int(match[3] or 0)
        if mark == ".":
            self.node += 1
            right = (first, second) == (self.word, self.node)
            return "" if right else f"where {self.word}.{self.node} has to follow"
        if mark == "-":
            right = first == self.word + 1 and second > first and self.covered <= self.word
            self.covered = second
            return "" if right else f"after word {self.word}"
        self.word, self.node = self.word + 1, 0
        return "" if first == self.word else f"where word {self.word} has to follow"


def _is_numbered(file: SourceFile, account: Account, block: Block) -> bool:
    """Tell whether IDs and heads are as the format has them; the first that is not is noted."""
    numbering = _Numbering()
    for number, row in block:
        found = ""
        if complaint := numbering.complaint(row[0]):
            found = f"`{row[0]}` in column 1 (ID), {complaint}"
        elif not _HEAD_NUMBER.fullmatch(row[_HEAD]):
            found = f"`{row[_HEAD]}` in column 7 (HEAD)"
        if found:
            account.broken(number, _error(file, number, found))
            return False
    if numbering.covered > numbering.word:
        number = block[-1][0]
        found = f"no word {numbering.covered}, which a range in column 1 (ID) announces"
        account.broken(number, _error(file, number, found))
        return False
    return True


def _sentence(
    file: SourceFile, account: Account, words: Sequence[tuple[int, list[str]]], form: int, tag: int
) -> NumberedSentence | None:
    """Return the words of a sentence with their tags; None, noted, where one is missing."""
    tokens = [row[form] for _, row in words]
    tags = [_entity(row[_MISC]) if tag == _MISC else row[tag] for _, row in words]
    for (number, _), token, found in zip(words, tokens, tags, strict=True):
        if not token.strip() or found in {"", "_"}:
            column, what = (tag, "tag") if token.strip() else (form, "form")
            name = f"column {column + 1} ({_NAMES[column]})"
            account.broken(number, _without(file, number, what, name))
            return None
    return NumberedSentence(tuple(n for n, _ in words), tuple(tokens), tuple(tags))


def _entity(misc: str) -> str:
    match = _ENTITY.search(misc)
    return match[1] if match else ""


def _without(file: SourceFile, number: int, what: str, column: str) -> InputError:
    if what == "tag" and "MISC" in column:
        return file.error(
            number,
            expected="CoNLL-U with the entity tag of each word in MISC: `name=B-PER`",
            found=f"a word without one in {column}",
            next_step="Give entity tags in columns, or the file as kind `pos`.",
        )
    return _error(file, number, f"a word without a {what} in {column}")


def _error(file: SourceFile, number: int, found: str) -> InputError:
    return file.error(
        number,
        expected="CoNLL-U: ten columns divided by tabs, words numbered 1, 2, 3, ..., each with "
        "FORM and UPOS",
        found=found,
        next_step="See https://universaldependencies.org/format.html, or run the validator of UD.",
    )
