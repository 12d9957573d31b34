"""What a task is: a filled-in form."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class TaskCard:
    """A supervised task, declared.

    Attributes:
        name: key in studies and records.
        kind: kind of data it reads, a folder or mapping key.
        form: "token" = a class for each word, "sequence" = a class for each text or pair of texts.
        metric: key of `isogloss.core.METRICS`.
        description: one sentence.
        reference: where the usual data come from.
    """

    name: str
    kind: str
    form: Literal["token", "sequence"]
    metric: str
    description: str
    reference: str
