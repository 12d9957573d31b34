"""How a column file is laid out: what divides its columns, which hold the words and the tags."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

UPOS: Final = frozenset(
    [
        *("ADJ", "ADP", "ADV", "AUX", "CCONJ", "DET", "INTJ", "NOUN", "NUM"),
        *("PART", "PRON", "PROPN", "PUNCT", "SCONJ", "SYM", "VERB", "X"),
    ]
)
DOCUMENT: Final = "-DOCSTART-"
ENTITY_TAG: Final = re.compile(r"O|[BIESLUM][-_][^\s|#]+")
NUMBER: Final = re.compile(r"[0-9]+([-.][0-9]+)?")
_RANGE: Final = re.compile(r"[0-9]+[-.][0-9]+")
_COMMENT: Final = re.compile(r"#\s*[\w.:-]+\s*[=:]")
Divider = Literal["tab", "space", "spaces"]


@dataclass(frozen=True)
class Layout:
    """The layout of one file; columns are counted from 0.

    Args:
        divider: what divides the columns: one tab, one space, or a run of spaces.
        n_columns: how many there are.
        token: the column of the words.
        tag: the column of the tags.
        sentence: the column whose change begins a sentence; None where blank lines divide them.
        number: the column of the words' numbers.
        header: number of the line that names the columns; 0 for none.
        quoted: fields are quoted as CSV writers quote them.
        tags: the tags of the first lines, by which a word `#` is known from a comment.
    """

    divider: Divider
    n_columns: int
    token: int = 0
    tag: int = 1
    sentence: int | None = None
    number: int | None = None
    header: int = 0
    quoted: bool = False
    tags: frozenset[str] = frozenset()

    def fields(self, line: str) -> list[str]:
        """Divide a line into its columns."""
        fields = divided(line, self.divider)
        return [unquoted(field) for field in fields] if self.quoted else fields

    def sentence_of(self, line: str) -> str:
        """Return the name of the line's sentence; nothing where blank lines divide them."""
        fields = self.fields(line) if self.sentence is not None else []
        return fields[self.sentence or 0] if len(fields) == self.n_columns else ""

    def is_range(self, fields: Sequence[str]) -> bool:
        """Tell whether a line is a multi-word token or an empty node, as in CoNLL-U."""
        if self.number is None or not _RANGE.fullmatch(fields[self.number]):
            return False
        return "-" in fields[self.number] or fields[self.tag] in {"_", "-"}

    def is_comment(self, line: str, *, first: bool) -> bool:
        """Tell a comment from the word `#`, which has a tag like other words.

        Args:
            line: any line.
            first: no word of its sentence was read before it.
        """
        if not line.startswith("#"):
            return False
        fields = self.fields(line)
        if len(fields) != self.n_columns:
            return first or _COMMENT.match(line) is not None
        tag = fields[self.tag]
        return first and tag not in self.tags and not ENTITY_TAG.fullmatch(tag)


def unquoted(field: str) -> str:
    """Undo CSV quoting where a field is quoted as the rules of CSV have it; else leave it."""
    inner = field[1:-1]
    quoted = len(field) > 1 and field[0] == field[-1] == '"'
    if quoted and '"' not in inner.replace('""', ""):
        return inner.replace('""', '"')
    return field


def divided(line: str, divider: Divider) -> list[str]:
    """Divide a line into its columns; blanks beside a tab belong to none."""
    if divider == "tab":
        fields = line.split("\t")
        return [field.strip(" ") for field in fields] if " " in line else fields
    if divider == "spaces":
        return line.split(" ") if line.startswith(" ") else re.split(" +", line.rstrip(" "))
    return line.split(" ")


def has_letter(word: str) -> bool:
    """Tell whether a word has a letter."""
    return word.isalpha() or any(map(str.isalpha, word))
