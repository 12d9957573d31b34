"""Find out how a column file is laid out, from its first lines.

Known layouts are CoNLL-2003 (word, part of speech, chunk, entity), MultiCoNER (`# id` lines; the
tag in column 4), GermEval and UNER (a number before each word), WikiAnn, MasakhaNER, LST20, HIPE
(a header and ten columns). What can be read in two ways is refused with the line that settles it.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice, pairwise
from typing import Final

from isogloss.core import InputError
from isogloss.data.readers.layout import (
    DOCUMENT,
    ENTITY_TAG,
    NUMBER,
    UPOS,
    Divider,
    Layout,
    divided,
    has_letter,
    unquoted,
)
from isogloss.data.readers.lines import SourceFile
from isogloss.data.readers.reading import Column, Reading

# Lines that a layout is found from; what follows is held to it.
_HEAD_LINES: Final = 5_000
# A column holds what nearly all of its fields are: the others are slips, refused by their line.
_SHARES: Final = (0.9, 0.5)
_LONGEST_SENTENCE: Final = 500
# Types of chunks and, in LST20, of clauses, which stand in a column beside the entities.
_CHUNKS: Final = frozenset(
    [
        *("NP", "VP", "PP", "ADJP", "ADVP", "SBAR", "PRT", "CONJP", "INTJ", "LST", "UCP", "NX"),
        *("PC", "NC", "VC", "AC", "CLS"),
    ]
)
_TOKEN_NAMES: Final = frozenset(["token", "tokens", "word", "words", "form"])
_TAG_NAMES: Final = frozenset(
    ["tag", "tags", "label", "labels", "ner", "ner_tag", "ner_tags", "ne", "pos", "upos", "entity"]
)
_SENTENCE_NAMES: Final = frozenset(["sentence", "sentence_id", "sent_id", "sentence #", "sid"])
Rows = Sequence[Sequence[str]]


def find_layout(file: SourceFile, reading: Reading, *, entities: bool) -> Layout:
    """Find out how a file is laid out, from its first lines.

    Args:
        file: UTF-8.
        reading: columns that are known, by number or by name; they are believed.
        entities: the tags are entity tags; else parts of speech.

    Raises:
        InputError: no column or more than one can be the one of the tags, a column that is not
            there, or a file without blank lines between its sentences.
    """
    return _Search(file, reading, entities=entities).layout()


def _divider(lines: Sequence[str]) -> Divider:
    """Return what divides the columns of most lines, so that they have as many."""
    if sum("\t" in line for line in lines) > len(lines) / 2:
        return "tab"
    single, runs = (
        Counter(len(divided(line, divider)) for line in lines).most_common(1)[0][1] / len(lines)
        for divider in ("space", "spaces")
    )
    return "spaces" if single < max(_SHARES) <= runs else "space"


def _other_mark(divider: Divider, lines: Sequence[str], first: Sequence[str]) -> str:
    """Return what divides words from tags where it is no tab or space: `word,TAG`, `word|TAG`."""
    if divider == "tab":
        return ""
    for mark in ",;":
        counts = Counter(line.count(mark) for line in lines).most_common(1)[0]
        if counts[0] and counts[1] > max(_SHARES) * len(lines):
            return mark
    return next((mark for mark in "|/" if all(mark in field for field in first)), "")


class _Search:
    """The first lines of a file, and what can be said about their columns."""

    def __init__(self, file: SourceFile, reading: Reading, *, entities: bool) -> None:
        self.file, self.reading, self.entities = file, reading, entities
        filled = ((n, line) for n, line in file.lines() if not line.startswith(DOCUMENT))
        head = list(islice(filled, _HEAD_LINES))
        content = [(n, line) for n, line in head if line.strip(" \t")]
        plain = [(n, line) for n, line in content if not line.startswith("#")]
        self.lines = plain or content
        if not self.lines:
            raise file.empty("tagged sentence")
        self.n_blank = len(head) - len(content)
        self.divider: Divider = _divider([line for _, line in self.lines])
        fields = [divided(line, self.divider) for _, line in self.lines]
        self.n_columns = Counter(map(len, fields)).most_common(1)[0][0]
        self.mark = _other_mark(self.divider, [line for _, line in self.lines], fields[0])
        self.names = self._header(fields)
        rows = [row for row in fields[bool(self.names) :] if len(row) == self.n_columns]
        self.quoted = self._is_quoted(rows)
        self.rows: Rows = [[*map(unquoted, row)] for row in rows] if self.quoted else rows

    def layout(self) -> Layout:
        """Return what was found."""
        if self.n_columns < 2 or self.mark:
            raise self._one_column()
        given = {name: self._place(name, of) for name, of in self.reading.columns.items()}
        number = self._number()
        tag = given["tags"] if "tags" in given else self._tag(number)
        sentence = given.get("sentence", self._sentence(tag))
        token = given.get("tokens", self._token({tag, number, sentence}))
        if token == tag:
            raise self._same(tag)
        if sentence is None and not self.n_blank and len(self.rows) > _LONGEST_SENTENCE:
            raise self._undivided()
        return Layout(
            self.divider,
            self.n_columns,
            token,
            tag,
            sentence,
            number,
            header=self.lines[0][0] if self.names else 0,
            quoted=self.quoted,
            tags=frozenset(row[tag] for row in self.rows) | (UPOS - {"X"}),
        )

    def _header(self, lines: Rows) -> list[str]:
        """Return the names of the columns where the first line has them, else nothing."""
        names = [unquoted(name).strip() for name in lines[0]]
        known = {name.lower() for name in names}
        asked = {of for of in self.reading.columns.values() if isinstance(of, str)}
        is_header = self.reading.header
        if is_header is None:
            titled = known & _TOKEN_NAMES and (known & _TAG_NAMES or self._stands_over_tags(lines))
            is_header = bool(titled or asked & set(names))
        if is_header and len(names) != self.n_columns:
            found = f"{len(names)}: {', '.join(names)[:60]}"
            raise self._error(
                f"a header of {self.n_columns} columns, as the other lines have",
                found,
                "Mend the header, or give the columns by number.",
            )
        return names if is_header else []

    def _stands_over_tags(self, lines: Rows) -> bool:
        """Tell whether the first line has no tag in a column in which the others have one."""
        others = [row for row in lines[1:] if len(row) == self.n_columns]
        return any(
            not self._is_tag(field) and all(self._is_tag(row[at]) for row in others)
            for at, field in enumerate(lines[0][: self.n_columns] if others else [])
        )

    def _is_quoted(self, rows: Rows) -> bool:
        """Tell whether quotation marks always stand as CSV writers write them, doubled."""
        if self.divider != "tab":
            return False
        marked = [field for row in rows for field in row if field.startswith('"')]
        return '""""' in marked and all(unquoted(field) != field for field in marked)

    def _place(self, name: str, column: Column) -> int:
        """Return the place of a column that is given by name or number."""
        if isinstance(column, int):
            if 1 <= column <= self.n_columns:
                return column - 1
            found = f"{column}, where the file has {self.n_columns} columns"
        elif column in self.names:
            return self.names.index(column)
        else:
            names = ", ".join(self.names)
            found = f"`{column}`, and " + (f"the names {names}" if names else "no header")
        raise self._error(
            f"a column for `{name}`: a number from 1, or a name that the header has",
            found,
            f"Write for example `columns: {{tokens: 1, tags: {self.n_columns}}}`.",
        )

    def _share(self, column: int, holds: Callable[[str], object]) -> float:
        return sum(1 for row in self.rows if holds(row[column])) / max(len(self.rows), 1)

    def _number(self) -> int | None:
        """Return the column of the words' numbers: the first of three or more."""
        numbers = self.n_columns > 2 and self._share(0, NUMBER.fullmatch) >= max(_SHARES)
        return 0 if numbers else None

    def _is_tag(self, field: str) -> bool:
        if field in self.reading.renamed or (self.reading.names and field.isdecimal()):
            return True
        return bool(ENTITY_TAG.fullmatch(field)) if self.entities else field in UPOS

    def _tag(self, number: int | None) -> int:
        """Return the one column that can hold the tags."""
        others = [column for column in range(self.n_columns) if column != number]
        shares = {column: self._share(column, self._is_tag) for column in others}
        least = next((share for share in _SHARES if max(shares.values()) >= share), 1.0)
        found = [column for column in others if shares[column] >= least]
        named = [column for column in found if self._name(column) in _TAG_NAMES]
        found = self._likely(found) if self.entities else found
        if len(found) > 1 and len(named) == 1:
            return named[0]
        different = {tuple(row[column] for row in self.rows) for column in found}
        if len(different) == 1:
            return found[0]
        if not found and len(others) == 2:
            return others[1]
        raise self._ambiguous(found or others, n_found=len(found))

    def _likely(self, columns: Sequence[int]) -> list[int]:
        """Leave out columns of chunks and of no entity, where others remain."""
        kinds = {
            column: {row[column][2:] for row in self.rows if row[column] != "O"}
            for column in columns
        }
        entities = [column for column in columns if kinds[column] - _CHUNKS]
        return entities or list(columns)

    def _sentence(self, tag: int) -> int | None:
        """Return the column of the sentences' names, where no blank lines divide them."""
        if self.n_blank:
            return None
        places = [at for at in range(self.n_columns) if at != tag]
        named = [at for at in places if self._name(at) in _SENTENCE_NAMES]
        first = [0] if self.n_columns > 2 and tag != 0 and self._is_name(0) else []
        return next(iter([*named, *first]), None)

    def _is_name(self, column: int) -> bool:
        """Tell whether a column names something longer than a word: its fields repeat."""
        pairs = list(pairwise(row[column] for row in self.rows))
        return len(pairs) > 3 and sum(a == b for a, b in pairs) > len(pairs) / 2

    def _token(self, taken: set[int | None]) -> int:
        """Return the first column that is left and has letters."""
        left = [column for column in range(self.n_columns) if column not in taken]
        named = [column for column in left if self._name(column) in _TOKEN_NAMES]
        words = [
            column
            for column in left
            if not self._is_name(column) and self._share(column, has_letter) > 0
        ]
        return next(iter([*named, *words, *left]), 0)

    def _name(self, column: int) -> str:
        return self.names[column].lower() if self.names else ""

    def _error(self, expected: str, found: str, next_step: str) -> InputError:
        number = self.lines[0][0]
        return self.file.error(number, expected=expected, found=found, next_step=next_step)

    def _one_column(self) -> InputError:
        step = "Write one word a line, its tag after a tab, a blank line after each sentence."
        if self.mark:
            step = f"The columns seem to be divided by `{self.mark}`. {step}"
        found = f"{self.lines[0][1][:60]!r}"
        return self._error("words and tags in columns divided by tabs or spaces", found, step)

    def _ambiguous(self, columns: Iterable[int], *, n_found: int) -> InputError:
        what = "entity tags (O, B-TYPE, I-TYPE)" if self.entities else "UPOS tags"
        shown = ", ".join(f"{at + 1} ({self._examples(at)})" for at in columns)
        others = set(range(self.n_columns)) - {self._number()}
        tag = next(iter(columns)) if n_found else self.n_columns - 1
        token = self._token({tag, self._number()} if len(others) > 1 else {tag})
        tags, tokens = (self.names[at] if self.names else at + 1 for at in (tag, token))
        found = f"{n_found or 'no'} such column{'s' if n_found != 1 else ''}: "
        if not n_found:
            found = "none such; the columns are "
        return self._error(
            f"one column of {what}",
            found + shown,
            f"Say where the tag stands, in a YAML mapping: `columns: {{tokens: {tokens}, tags: "
            f"{tags}}}`.",
        )

    def _examples(self, column: int) -> str:
        values: Mapping[str, int] = Counter(row[column] for row in self.rows)
        return ", ".join(f"`{value[:20]}`" for value in list(values)[:3])

    def _same(self, column: int) -> InputError:
        return self._error(
            "words and tags in two different columns",
            f"column {column + 1} for both",
            "Mend `columns` in the mapping.",
        )

    def _undivided(self) -> InputError:
        return self._error(
            "a blank line after each sentence",
            f"{len(self.rows)} words and more without one",
            "Add blank lines, or name the column of sentence names in a YAML mapping: `columns: "
            "{sentence: 1, tokens: 2, tags: 3}`.",
        )
