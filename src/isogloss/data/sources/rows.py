"""A unit of data made of rows: which columns hold what, and what the numbers of labels mean."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypeVar, cast, final

from isogloss.core import InputError
from isogloss.data.readers import (
    Account,
    ClassifiedText,
    Column,
    LabelledRows,
    NumberedSentence,
    Question,
    Reading,
    TaggedSentence,
    find_named,
    finish_tagged,
    verify_spans,
)
from isogloss.data.sources.files import split_of
from isogloss.data.sources.tables import Row, Table

T = TypeVar("T")
Values = Mapping[str, object]

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
_STEP: Final = (
    "Set `columns`, `labels` or `splits` of this kind in the mapping, or mend the data set."
)


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
        account, n_read = self._account(), 0
        for number, row in self._rows():
            if not isinstance(row["text"], str):
                account.broken(number, self._no_text(number, "text", row["text"]))
                continue
            if self.share is not None and split_of(row["text"]) != self.share:
                continue  # the lines of a document stay together
            for line in row["text"].split("\n"):
                if line.strip():
                    n_read += 1
                    yield line
        account.close(n_read)
        if not n_read:
            raise self._error(0, "at least one line of text", "none")

    def tagged(self, *, entities: bool) -> list[TaggedSentence]:
        """Read tagged sentences, entity tags in IOB2.

        A word whose part of speech is `_` is a multi-word token that stands beside its own words
        in the hub's tables of Universal Dependencies; it is left out, as in CoNLL-U.
        """
        account = self._account("tags")
        sentences = self._sentences(account, entities=entities)
        return finish_tagged(self._place, sentences, account, entities=entities)

    def classified(self, *, paired: bool) -> list[ClassifiedText]:
        """Read labelled texts or pairs of texts."""
        rows = LabelledRows(self._account("label"), self._error, paired)
        for place, (number, row) in enumerate(self._rows(), start=1):
            pair = (row["pair"] or "") if "pair" in row else None
            rows.add(number, row["text"], pair, row["label"], f"#{place}")
        return self._filled(rows.close())

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Stream translation pairs."""
        account, n_read = self._account(), 0
        for number, row in self._rows():
            first, second = row["first"], row["second"]
            if not isinstance(first, str) or not isinstance(second, str):
                wrong = "second" if isinstance(first, str) else "first"
                account.broken(number, self._no_text(number, wrong, row[wrong]))
            elif not first.strip() or not second.strip():
                account.broken(number, self._error(number, "two sentences", "an empty one"))
            else:
                n_read += 1
                yield first, second
        account.close(n_read)
        if not n_read:
            raise self._error(0, "at least one row", "none")

    def questions(self) -> list[Question]:
        """Read questions and verify that their answers stand where the offsets say."""
        questions: list[Question] = []
        account = self._account()
        for number, row in self._rows():
            try:
                question = self._question(number, row)
                verify_spans(question, self._at(number))
            except InputError as error:
                account.broken(number, error)
                continue
            questions.append(question)
        account.close(len(questions))
        return self._filled(questions)

    def fingerprint(self) -> str:
        """Return the SHA-256 of the columns as read, so a copy elsewhere has the same."""
        of_documents = "" if self.share is None else " of documents by normal form"
        digest = hashlib.sha256(f"share {self.share}{of_documents}\n".encode())
        said = replace(self.reading, columns={}, prefix=None, limit=None)
        if said != Reading():
            digest.update(f"reading {said}\n".encode())
        for _, row in self._rows():
            values = [row[use] for use in sorted(row)]
            digest.update(json.dumps(values, ensure_ascii=True, default=str).encode())
        return digest.hexdigest()

    def n_blank_lines(self) -> int:
        """Return 0: rows are not divided by blank lines, and those inside documents don't count."""
        return 0

    def origin(self) -> object:
        """Return what the rows are read from: two units of the same origin are the same data."""
        columns = tuple(sorted({**self.usual, **self.reading.columns}.items()))
        return self.table, columns, self.reading.prefix, self.share

    def _rows(self) -> Iterator[tuple[int, Values]]:
        """Stream (number, use -> value) of the rows that the reading keeps."""
        prefix, limit, n_rows = self.reading.prefix, self.reading.limit, 0
        columns: Mapping[str, Column] = {}
        for number, row in enumerate(self.table.rows(), start=1):
            columns = columns or self._columns(row)
            if prefix and not str(self._value(row, prefix[0], number)).startswith(prefix[1]):
                continue
            n_rows += 1
            yield number, {use: self._value(row, at, number) for use, at in columns.items()}
            if n_rows == limit:
                return

    def _columns(self, row: Row) -> Mapping[str, Column]:
        """Return use -> column: what the mapping says, the usual one, or one of a known name."""
        names = list(row)
        named = {use: names[index] for use, index in find_named(names).items()}
        usual = dict(self.usual)
        for use, column in self.usual.items():
            if column.partition(".")[0] not in row and use in named:
                usual[use] = named[use]
                if use == "text" and "pair" in named:
                    usual["pair"] = named["pair"]
        return {**usual, **self.reading.columns}

    def _account(self, labels: str | None = None) -> Account:
        """Return what counts; label numbers have the names that the data set declares."""
        reading = self.reading
        if labels is not None and not reading.names:
            column = reading.columns.get(labels, self.usual[labels])
            reading = replace(reading, names=self.table.label_names(column))
        return Account(self._at(0), reading, place="row")

    def _sentences(self, account: Account, *, entities: bool) -> Iterator[NumberedSentence]:
        """Stream the words of the rows that are whole, with their tags as they stand."""
        names = account.reading.names
        blank = {"_", *(str(at) for at, name in enumerate(names) if name == "_")}
        for place, (number, row) in enumerate(self._rows(), start=1):
            try:
                words = self._words(number, row, names)
            except InputError as error:
                account.broken(number, error)
                continue
            if not entities:
                words = [word for word in words if word[1] not in blank]
            if words:
                tokens, tags = zip(*words, strict=True)
                yield NumberedSentence((number,) * len(words), tokens, tags, f"#{place}")

    def _words(self, number: int, row: Values, names: Sequence[str]) -> list[tuple[str, str]]:
        """Return the words of one row with their tags, by name or number."""
        tokens = [str(token) for token in self._list(row, "tokens", number)]
        tags = self._list(row, "tags", number)
        for tag in tags:
            if isinstance(tag, int) and names and not 0 <= tag < len(names):
                raise self._error(number, f"a label number from 0 to {len(names) - 1}", str(tag))
            if tag is None or str(tag).strip() in {"", "nan", "-1"}:
                raise self._error(number, "a label", repr(tag))
        if len(tokens) != len(tags) or not all(map(str.strip, tokens)) or not tokens:
            found = f"{len(tokens)} tokens and {len(tags)} tags, or an empty token"
            raise self._error(number, "as many tags as tokens, none empty", found)
        return list(zip(tokens, map(str, tags), strict=True))

    def _question(self, number: int, row: Values) -> Question:
        """Return the question of one row."""
        answers, starts = self._list(row, "answers", number), self._list(row, "starts", number)
        if len(answers) != len(starts) or not all(isinstance(start, int) for start in starts):
            raise self._error(number, "one integer offset for each answer", repr(starts)[:60])
        for use in ("id", "context", "question"):
            value = str(row[use]) if use == "id" and isinstance(row[use], int) else row[use]
            if not isinstance(value, str) or not value.strip():
                raise self._no_text(number, use, row[use])
        return Question(
            str(row["id"]),
            str(row["context"]),
            str(row["question"]),
            tuple(map(str, answers)),
            tuple(start for start in starts if isinstance(start, int)),
        )

    def _value(self, row: Row, column: Column, number: int) -> object:
        """Return the value of a column by name, by way (`answers.text`) or by number from 1."""
        if isinstance(column, int):
            if column <= len(row):
                return list(row.values())[column - 1]
            raise self._no_column(row, column, number)
        if column in row:
            return row[column]
        value: object = row
        for key in column.split("."):
            value = _within(value, key)
            if value is _ABSENT:
                raise self._no_column(row, column, number)
        return value

    def _list(self, row: Values, use: str, number: int) -> list[object]:
        value = row[use]
        if not isinstance(value, list | tuple):
            raise self._error(number, f"a list of {use}", repr(value)[:60])
        return list(cast("Sequence[object]", value))

    def _filled(self, examples: list[T]) -> list[T]:
        if not examples:
            raise self._error(0, "at least one row", "none")
        return examples

    @property
    def _place(self) -> "_Place":
        return _Place(self.table, self.language)

    def _at(self, number: int) -> str:
        return self._place.at(number)

    def _no_column(self, row: Row, column: Column, number: int) -> InputError:
        return self._error(number, f"column `{column}`", f"the columns {', '.join(row)}")

    def _no_text(self, number: int, use: str, value: object) -> InputError:
        found = "an empty one" if isinstance(value, str) else repr(value)[:60]
        return self._error(number, f"text in the column of `{use}`", found)

    def _error(self, number: int, expected: str, found: str, next_step: str = _STEP) -> InputError:
        return self._place.error(number, expected=expected, found=found, next_step=next_step)


@dataclass(frozen=True)
class _Place:
    """Where rows come from, for messages."""

    table: Table
    language: str

    def at(self, line: int | None = None) -> str:
        """Return the table, and the row by its number."""
        row = f", row {line}" if line else ""
        return f"{self.table}{row} ({self.language})"

    def error(self, line: int | None, *, expected: str, found: str, next_step: str) -> InputError:
        """Return the error to raise for a row."""
        return InputError(expected=expected, found=found, where=self.at(line), next_step=next_step)

    def empty(self, what: str) -> InputError:
        """Return the error for a table in which nothing was found."""
        return self.error(None, expected=f"at least one {what}", found="none", next_step=_STEP)


_ABSENT: Final = object()


def _within(value: object, key: str) -> object:
    """Return what stands under `key` in a record, or in each record of a list."""
    if isinstance(value, Mapping):
        return cast("Mapping[str, object]", value).get(key, _ABSENT)
    if isinstance(value, list):
        inner = [_within(one, key) for one in cast("list[object]", value)]
        return _ABSENT if _ABSENT in inner else inner
    return _ABSENT
