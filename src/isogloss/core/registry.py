"""Look-up in the literal tables of treatments, tasks, presets and measurements."""

import difflib
from collections.abc import Mapping
from typing import TypeVar

from isogloss.core.errors import InputError

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
