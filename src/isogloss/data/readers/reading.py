"""How a unit is read where the data do not say it themselves, and what the reading left out."""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from isogloss.core import InputError
from isogloss.data.readers.examples import DataWarning, UnmetLabels

Column = str | int
_LISTED: Final = 10
_NUMBER: Final = "a label number"


@dataclass(frozen=True)
class Reading:
    """What a mapping says about the reading of one unit; every reader obeys it or refuses it.

    Args:
        columns: what is wanted (`text`, `tags`, ...) -> name of its column, or number from 1.
        header: whether the first line names the columns; None where the reader finds it out.
        quoting: whether fields are quoted as CSV writers quote them; None where it is found out.
        prefix: (column, beginning): keep the rows in which the column begins so.
        limit: read at most so many rows, sentences or lines of those kept.
        names: names of the label numbers 0, 1, ...
        renamed: label -> the name to give it; for entity tags the type alone (`PERSON`) or the
            whole tag. None leaves examples of the class out.
        scheme: how entity tags are written, where not in IOB2.
        skip: leave out what is broken, and count it, instead of refusing the file.
    """

    columns: Mapping[str, Column] = field(default_factory=dict[str, Column], hash=False)
    header: bool | None = None
    quoting: bool | None = None
    prefix: tuple[Column, str] | None = None
    limit: int | None = None
    names: tuple[str, ...] = ()
    renamed: Mapping[str, str | None] = field(default_factory=dict[str, str | None], hash=False)
    scheme: Literal["iob1", "bioes", "bilou"] | None = None
    skip: bool = False


class Account:
    """What one pass over a file met: said once, at the end, with the places.

    Args:
        where: the file or table, for the messages.
        reading: what was asked.
        place: what the numbers count: `line` or `row`.
    """

    def __init__(self, where: str, reading: Reading, *, place: str = "line") -> None:
        self.where = where
        self.reading = reading
        self.place = place
        self._broken: list[int] = []
        self._first_error: InputError | None = None
        self._left_out: dict[str, list[int]] = {}
        self._labels: dict[str, None] = {}
        self._met: set[str] = set()

    def broken(self, number: int, error: InputError) -> None:
        """Note a broken line or sentence, which is then left out; `close` refuses or counts it."""
        self._first_error = self._first_error or error
        self._broken.append(number)

    def leave_out(self, reason: str, number: int) -> None:
        """Note an example that is left out, with the reason: `without a gold label`."""
        self._left_out.setdefault(reason, []).append(number)

    def label(self, value: str) -> str | None:
        """Return the name of a class; None where the mapping leaves the class out."""
        named = self._named(value)
        if named not in self.reading.renamed:
            return named
        self._met.add(named)
        return self.reading.renamed[named]

    def tag(self, value: str) -> str:
        """Return a tag under the name that the mapping gives it or its entity type.

        A type that becomes `O`, or nothing, is outside.
        """
        named = self._named(value)
        position, dash, kind = named.partition("-")
        for known in (named, kind if dash else ""):
            if known in self.reading.renamed:
                self._met.add(known)
                renamed = self.reading.renamed[known] or "O"
                return renamed if known == named or renamed == "O" else f"{position}-{renamed}"
        return named

    def _named(self, value: str) -> str:
        """Return the name of a label number, and any other label as it is."""
        self._labels[value] = None
        names = self.reading.names
        if not (value.isdecimal() and int(value) < len(names)):
            return value
        self._met.add(_NUMBER)
        return names[int(value)]

    def close(self, n_read: int) -> None:
        """Say what was left out, and refuse what is broken unless the mapping says to skip it.

        Args:
            n_read: examples that were read.

        Raises:
            InputError: something is broken and `repair: skip` was not asked; or it was, and more
                is broken than whole; or a list of `labels` meets no number.
        """
        if self._first_error is not None:
            self._close_broken(self._first_error, n_read)
        for reason, numbers in self._left_out.items():
            n = n_read + len(numbers)
            self._warn(
                f"{len(numbers)} of {n} examples {reason} were left out: {self._at(numbers)}"
            )
        self._close_labels()

    def _close_broken(self, error: InputError, n_read: int) -> None:
        numbers = self._broken
        if not self.reading.skip or len(numbers) > n_read:
            also = f"; {len(numbers)} such places: {self._at(numbers)}" if len(numbers) > 1 else ""
            step = error.next_step
            if self.reading.skip:
                step = f"More is broken than whole: `repair: skip` is for slips. {step}"
            raise InputError(
                expected=error.expected, found=error.found + also, where=error.where, next_step=step
            )
        n = n_read + len(numbers)
        self._warn(
            f"{len(numbers)} of {n} examples were broken and skipped, as `repair: skip` asks: "
            f"{self._at(numbers)}; the first: expected {error.expected}, found {error.found}"
        )

    def _close_labels(self) -> None:
        found = tuple(self._labels)[:_LISTED]
        labels = ", ".join(f"`{label}`" for label in found)
        if self.reading.names and self._labels and _NUMBER not in self._met:
            raise InputError(
                expected=f"label numbers from 0 to {len(self.reading.names) - 1}, which a list of "
                "`labels` names",
                found=f"the labels {labels}",
                where=self.where,
                next_step="Remove `labels`, or write a map: `labels: {theirs: ours}`.",
            )
        unmet = tuple(name for name in self.reading.renamed if name not in self._met)
        if unmet and self._labels:
            names = ", ".join(f"`{name}`" for name in unmet)
            text = f"{self.where}: `labels` maps {names}, which is no label here; found {labels}"
            warnings.warn(UnmetLabels(text, unmet, found), stacklevel=3)

    def _at(self, numbers: list[int]) -> str:
        listed = ", ".join(map(str, numbers[:_LISTED]))
        more = f" and {len(numbers) - _LISTED} more" if len(numbers) > _LISTED else ""
        return f"{self.place} {listed}{more}"

    def _warn(self, text: str) -> None:
        warnings.warn(f"{self.where}: {text}", DataWarning, stacklevel=4)
