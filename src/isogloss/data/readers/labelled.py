"""Labelled examples out of fields, whether they come from a TSV file or from a table's rows."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from isogloss.core import InputError
from isogloss.data.readers.examples import ClassifiedText
from isogloss.data.readers.reading import Account

# What stands where annotators did not agree, or where a test set hides its labels.
_NO_LABEL: Final = frozenset(["", "-", "-1", "nan", "null", "n/a"])
_NO_GOLD: Final = "without a gold label"
_FEW: Final = 20
Error = Callable[[int, str, str, str], InputError]  # number; expected, found, next step


@dataclass
class LabelledRows:
    """Gathers labelled examples, and says at the end what could not be one.

    Args:
        account: of the file or table.
        error: makes the error for a line or row.
        paired: an example is a pair of texts and nothing else.
    """

    account: Account
    error: Error
    paired: bool = False
    examples: list[ClassifiedText] = field(default_factory=list[ClassifiedText])
    _unlabelled: Counter[str] = field(default_factory=Counter[str])

    def add(
        self, number: int, text: object, pair: object, label: object, identifier: str = ""
    ) -> None:
        """Take one row.

        Args:
            number: of its line or row.
            text: the text, or the premise.
            pair: the hypothesis; None where there is no column of it.
            label: name or number of the class.
            identifier: what translations of the example share with it.
        """
        value = _as_label(label)
        renamed = self.account.reading.renamed
        if value.lower() in _NO_LABEL and value not in renamed:
            self._unlabelled[value] += 1
            self.account.leave_out(_NO_GOLD, number)
            return
        names = self.account.reading.names
        if names and value.isdecimal() and int(value) >= len(names):
            expected = f"a label number from 0 to {len(names) - 1}"
            self._broken(number, expected, f"`{value}`", "Name all numbers in `labels`.")
            return
        name = self.account.label(value)
        if name is None:
            self.account.leave_out(f"labelled `{value}`", number)
            return
        texts = (text,) if pair is None else (text, pair)
        if not all(isinstance(one, str) and one.strip() for one in texts):
            wrong = next(one for one in texts if not (isinstance(one, str) and one.strip()))
            blank = isinstance(wrong, str) or wrong is None
            self._broken(
                number,
                "two texts" if pair is not None else "a text",
                "an empty one" if blank else f"{wrong!r}"[:60],
                "Fill the text, or remove the line; `repair: skip` in a mapping leaves such "
                "examples out.",
            )
            return
        texts = (str(text), None if pair is None else str(pair))
        self.examples.append(ClassifiedText(*texts, name, identifier))

    def close(self) -> list[ClassifiedText]:
        """Return the examples.

        Raises:
            InputError: there is none, or most have no label, or -1 may be a class.
        """
        self._refuse_unlabelled()
        self.account.close(len(self.examples))
        return self.examples

    def _refuse_unlabelled(self) -> None:
        """Refuse a column that is no label, and a -1 that may well be one."""
        n_without, n_with = sum(self._unlabelled.values()), len(self.examples)
        labels = {example.label for example in self.examples}
        if self._unlabelled["-1"] and not self.account.reading.names and labels <= {"0", "1"}:
            found = ", ".join(f"`{label}`" for label in ["-1", *sorted(labels)])
            raise self.error(
                0,
                "labels that say whether -1 is a class or stands for no label",
                found,
                'Say it in a mapping: `labels: {"-1": negative}`, or `labels: {"-1": null}` to '
                "leave these examples out.",
            )
        if n_without > n_with:
            listed = ", ".join(f"`{label}`" for label in self._unlabelled)
            raise self.error(
                0,
                "a gold label for most examples",
                f"{n_without} of {n_without + n_with} without one ({listed})",
                "Give a split that has its labels, or name the column of the labels in a mapping.",
            )

    def _broken(self, number: int, expected: str, found: str, next_step: str) -> None:
        self.account.broken(number, self.error(number, expected, found, next_step))


def are_no_classes(examples: list[ClassifiedText]) -> bool:
    """Tell whether labels are hardly ever repeated, as text is and classes are not."""
    return len(examples) >= _FEW and len({one.label for one in examples}) > len(examples) / 2


def _as_label(value: object) -> str:
    """Return a label as text; a column of numbers with gaps comes as floating point."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
