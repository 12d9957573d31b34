"""A unit of data made of rows: which columns hold what, and what the numbers of labels mean."""

import hashlib
import json
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar, final

from isogloss.core import InputError
from isogloss.data.readers import (
    ClassifiedText,
    Column,
    DataWarning,
    Question,
    Reading,
    TaggedSentence,
    is_iob2,
    repair_orphans,
    verify_spans,
)
from isogloss.data.sources.files import split_of
from isogloss.data.sources.tables import Row, Table

T = TypeVar("T")

# The usual column names on the hub; a mapping overrides them.
COLUMNS: Final[Mapping[str, Mapping[str, str]]] = {
    "text": {"text": "text"},
    "pos": {"tokens": "tokens", "tags": "upos"},
    "ner": {"tokens": "tokens", "tags": "ner_tags"},
    "topic": {"text": "text", "label": "category"},
    "nli": {"text": "premise", "pair": "hypothesis", "label": "label"},
    "parallel": {"first": "first", "second": "second"},
    "qa": {
        "id": "id",
        "context": "context",
        "question": "question",
        "answers": "answers.text",
        "starts": "answers.answer_start",
    },
}


@final
@dataclass(frozen=True)
class RowContents:
    """One unit of data in a table.

    Args:
        table: where the rows are.
        usual: what is in which column unless `reading` says it (`COLUMNS` of the kind).
        language: for messages.
        reading: what the mapping says; a column `a.b` reaches into a record.
        share: the split whose lines of text are read, where one split is divided by us.
    """

    table: Table
    usual: Mapping[str, str] = field(hash=False)
    language: str
    reading: Reading = field(default_factory=Reading)
    share: str | None = None

    def text(self) -> Iterator[str]:
        """Stream the lines of the documents; blank ones are passed over."""
        found = False
        for number, row in enumerate(self._rows(), start=1):
            for line in self._string(row, "text", number, blank=True).split("\n"):
                if line.strip() and (self.share is None or split_of(line) == self.share):
                    found = True
                    yield line
        if not found:
            raise self._error(0, "at least one line of text", "none")

    def tagged(self, *, entities: bool) -> list[TaggedSentence]:
        """Read tagged sentences, entity tags in IOB2.

        A word whose part of speech is `_` is a multi-word token that stands beside its own words
        in the hub's tables of Universal Dependencies; it is left out, as in CoNLL-U.
        """
        sentences: list[TaggedSentence] = []
        names, n_orphans = self._label_names("tags"), 0
        for number, row in enumerate(self._rows(), start=1):
            tokens = tuple(map(str, self._list(row, "tokens", number)))
            tags = tuple(self._label(tag, names, number) for tag in self._list(row, "tags", number))
            if len(tokens) != len(tags) or not tokens or not all(tokens):
                found = f"{len(tokens)} tokens and {len(tags)} tags, or an empty token"
                raise self._error(number, "as many tags as tokens, none empty", found)
            if not entities and "_" in tags:
                words = [word for word in zip(tokens, tags, strict=True) if word[1] != "_"]
                tokens, tags = tuple(word[0] for word in words), tuple(word[1] for word in words)
            if entities:
                tags, orphans = self._in_iob2(tags, number)
                n_orphans += orphans
            sentences.append(TaggedSentence(tokens, tags))
        if n_orphans:
            message = f"{self._at(0)}: {n_orphans} I- tags continue no entity and were read as B-"
            warnings.warn(message, DataWarning, stacklevel=2)
        return self._filled(sentences)

    def classified(self) -> list[ClassifiedText]:
        """Read labelled texts or pairs of texts."""
        names = self._label_names("label")
        examples = [
            ClassifiedText(
                self._string(row, "text", number),
                self._string(row, "pair", number) if "pair" in self.usual else None,
                self._label(self._value(row, "label", number), names, number),
            )
            for number, row in enumerate(self._rows(), start=1)
        ]
        return self._filled(examples)

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Stream translation pairs."""
        found = False
        for number, row in enumerate(self._rows(), start=1):
            found = True
            yield self._string(row, "first", number), self._string(row, "second", number)
        if not found:
            raise self._error(0, "at least one row", "none")

    def questions(self) -> list[Question]:
        """Read questions and verify that their answers stand where the offsets say."""
        questions: list[Question] = []
        for number, row in enumerate(self._rows(), start=1):
            answers, starts = self._list(row, "answers", number), self._list(row, "starts", number)
            if len(answers) != len(starts) or not all(isinstance(start, int) for start in starts):
                raise self._error(number, "one integer offset for each answer", repr(starts)[:60])
            question = Question(
                self._string(row, "id", number),
                self._string(row, "context", number),
                self._string(row, "question", number),
                tuple(map(str, answers)),
                tuple(start for start in starts if isinstance(start, int)),
            )
            verify_spans(question, self._at(number))
            questions.append(question)
        return self._filled(questions)

    def fingerprint(self) -> str:
        """Return the SHA-256 of the columns as read, so a copy elsewhere has the same."""
        digest = hashlib.sha256(f"share {self.share}\n".encode())
        for number, row in enumerate(self._rows(), start=1):
            values = [self._value(row, name, number) for name in sorted(self.usual)]
            digest.update(json.dumps(values, ensure_ascii=True, default=str).encode())
        return digest.hexdigest()

    def n_blank_lines(self) -> int:
        """Return 0: rows are not divided by blank lines, and those inside documents don't count."""
        return 0

    def origin(self) -> object:
        """Return what the rows are read from: two units of the same origin are the same data."""
        columns = tuple(self._column(name) for name in sorted(self.usual))
        return self.table, columns, self.reading.prefix, self.share

    def _rows(self) -> Iterator[Row]:
        """Stream the rows that the reading keeps."""
        n_rows = 0
        prefix, limit = self.reading.prefix, self.reading.limit
        for row in self.table.rows():
            if prefix and not str(self._at_column(row, prefix[0], 0)).startswith(prefix[1]):
                continue
            if limit is not None and n_rows >= limit:
                return
            n_rows += 1
            yield row

    def _column(self, name: str) -> Column:
        return self.reading.columns.get(name, self.usual[name])

    def _in_iob2(self, tags: tuple[str, ...], number: int) -> tuple[tuple[str, ...], int]:
        wrong = [tag for tag in tags if not is_iob2(tag)]
        if wrong:
            raise self._error(number, "IOB2 tags: O, B-TYPE or I-TYPE", f"`{wrong[0]}`")
        repaired, orphans = repair_orphans(tags)
        return repaired, len(orphans)

    def _label_names(self, name: str) -> tuple[str, ...]:
        return self.reading.names or self.table.label_names(self._column(name))

    def _label(self, value: object, names: Sequence[str], number: int) -> str:
        """Return the name of a label that is a number or a name."""
        if isinstance(value, int) and names:
            if 0 <= value < len(names):
                return names[value]
            raise self._error(number, f"a label number from 0 to {len(names) - 1}", str(value))
        if value is None or str(value).strip() in {"", "nan", "-1"}:
            raise self._error(number, "a label", repr(value))
        return str(value)

    def _value(self, row: Row, name: str, number: int) -> object:
        """Return the value of the column that holds `name`."""
        return self._at_column(row, self._column(name), number)

    def _at_column(self, row: Row, column: Column, number: int) -> object:
        """Return the value of a column by name, by way (`answers.text`) or by number from 1."""
        if isinstance(column, int):
            if column <= len(row):
                return list(row.values())[column - 1]
            raise self._no_column(row, column, number)
        if column in row:
            return row[column]
        value: object = row
        for key in column.split("."):
            if not isinstance(value, Mapping) or key not in value:
                raise self._no_column(row, column, number)
            value = value[key]
        return value

    def _no_column(self, row: Row, column: Column, number: int) -> InputError:
        return self._error(number, f"column `{column}`", f"the columns {', '.join(row)}")

    def _string(self, row: Row, name: str, number: int, *, blank: bool = False) -> str:
        value = self._value(row, name, number)
        if not isinstance(value, str) or not (blank or value.strip()):
            raise self._error(number, f"text in column `{self._column(name)}`", repr(value)[:60])
        return value

    def _list(self, row: Row, name: str, number: int) -> list[object]:
        value = self._value(row, name, number)
        if not isinstance(value, list | tuple):
            raise self._error(number, f"a list in column `{self._column(name)}`", repr(value)[:60])
        return list(value)

    def _filled(self, examples: list[T]) -> list[T]:
        if not examples:
            raise self._error(0, "at least one row", "none")
        return examples

    def _at(self, number: int) -> str:
        row = f", row {number}" if number else ""
        return f"{self.table}{row} ({self.language})"

    def _error(self, number: int, expected: str, found: str) -> InputError:
        return InputError(
            expected=expected,
            found=found,
            where=self._at(number),
            next_step="Set `columns`, `labels` or `splits` of this kind in the mapping, or mend "
            "the data set.",
        )
