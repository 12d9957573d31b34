"""One thing that is wrong with data."""

from dataclasses import dataclass
from typing import Literal

from isogloss.core import InputError


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong.

    Args:
        severity: an `error` makes the data unusable; a `warning` should be looked at.
        where: the unit, or the place.
        text: what was found and what to do.
        cause: what reading the unit raised, where it cannot be read.
    """

    severity: Literal["error", "warning"]
    where: str
    text: str
    cause: InputError | None = None

    def __str__(self) -> str:
        return f"{self.severity}: {self.where}: {self.text}"
