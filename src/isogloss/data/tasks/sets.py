"""Tasks by name, with the sets that they are trained and tested on."""

import re
from dataclasses import replace
from typing import Final

from isogloss.core import InputError, look_up
from isogloss.data.tasks.table import TASKS, TaskCard

_ON: Final = "-on-"
_SET: Final = re.compile(r"[^.]+\.[^.]+")


def task_card(name: str, test: str = "") -> TaskCard:
    """Return a task, called by the sets that it is trained and tested on.

    Args:
        name: `pos`; `pos.pud`, trained and tested on that set; `pos-on-pos.pud`, trained on the
            main set and tested on another.
        test: kind of the test data, where `name` is that of the training data alone.

    Raises:
        InputError: there is no such task, or the two sets are of different tasks.

    Example:
        >>> card = task_card("pos-on-pos.pud")
        >>> card.kind_of("train"), card.kind_of("dev"), card.kind_of("test"), card.metric
        ('pos', 'pos', 'pos.pud', 'pos_accuracy')
        >>> task_card("pos", "pos.pud").name, task_card("pos.pud", "pos.pud").name
        ('pos-on-pos.pud', 'pos.pud')
        >>> task_card("paraphrase").kind, task_card("paraphrase.ours").kind
        ('nli.pawsx', 'nli.ours')
    """
    train, _, named = name.partition(_ON)
    card = look_up(TASKS, train.partition(".")[0], "task")
    test = test or named or train
    for one in (train, test):
        if one != card.name and not (one.startswith(f"{card.name}.") and _SET.fullmatch(one)):
            raise InputError(
                expected=f"`{card.name}`, or a set of it: `{card.name}.NAME`",
                found=f"`{one}`",
                where=f"task `{name}`",
                next_step=f"For example `{{task: {card.name}, test: {card.name}.other}}`.",
            )
    name = train if train == test else f"{train}{_ON}{test}"
    kind, test_kind = (_kind(card, one) for one in (train, test))
    return replace(card, name=name, kind=kind, test_kind="" if test == train else test_kind)


def _kind(card: TaskCard, name: str) -> str:
    """Return the kind of data of a task or of one of its sets."""
    _, _, own = name.partition(".")
    return f"{card.kind.partition('.')[0]}.{own}" if own else card.kind
