"""Errors that a user can mend: expected, found, where, what next; and look-ups that raise them."""

import difflib
from collections.abc import Mapping
from typing import TypeVar


class InputError(ValueError):
    """A mistake in what the user gave. The command line prints it and exits with code 2.

    Args:
        expected: what the place accepts.
        found: what was there instead.
        where: file, line, language, key or task.
        next_step: the shortest way out.

    Example:
        >>> print(InputError(expected="exponent >= 0", found="-1", where="sampling.exponent",
        ...                  next_step="Use 0 for uniform sampling."))
        Expected exponent >= 0. Found -1. Where: sampling.exponent. Use 0 for uniform sampling.
    """

    def __init__(self, *, expected: str, found: str, where: str, next_step: str) -> None:
        self.expected = expected
        self.found = found
        self.where = where
        self.next_step = next_step
        super().__init__(expected, found, where, next_step)

    def __str__(self) -> str:
        # What a library said often ends in a full stop of its own.
        found = self.found.rstrip(" .:")
        return f"Expected {self.expected}. Found {found}. Where: {self.where}. {self.next_step}"

    def __reduce__(self) -> tuple[object, tuple[str, str, str, str]]:
        # Exceptions cross process borders by repeating their positional arguments; ours are named.
        return _rebuild, (self.expected, self.found, self.where, self.next_step)


def _rebuild(expected: str, found: str, where: str, next_step: str) -> InputError:
    return InputError(expected=expected, found=found, where=where, next_step=next_step)


class TrainingError(RuntimeError):
    """Training cannot go on (for example a loss that is not finite); nothing was overwritten."""


T = TypeVar("T")


def closest(name: str, names: list[str]) -> str | None:
    """Return the known name nearest to `name`, or None when nothing is near."""
    matches = difflib.get_close_matches(name.lower(), [known.lower() for known in names], n=1)
    lowered = {known.lower(): known for known in names}
    return lowered[matches[0]] if matches else None


def look_up(table: Mapping[str, T], name: str, what: str) -> T:
    """Return `table[name]`, or refuse with the closest names and the full list.

    Args:
        table: a literal table such as `TREATMENTS`.
        name: what the user wrote.
        what: the kind of thing, for the message ("treatment", "preset").

    Raises:
        InputError: `name` is not in the table.

    Example:
        >>> look_up({"untreated": 1}, "untreated", "treatment")
        1
    """
    if name in table:
        return table[name]
    names = sorted(table)
    near = closest(name, names)
    hint = f"Did you mean `{near}`?" if near else "Pick one of the list."
    raise InputError(
        expected=f"a {what}: one of {', '.join(names)}",
        found=f"`{name}`",
        where=what,
        next_step=hint,
    )
