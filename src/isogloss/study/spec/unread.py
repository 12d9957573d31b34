"""Keys of a study that none of its runs would read: refused, not accepted without effect."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Protocol

from pydantic import BaseModel

from isogloss.core import METRICS
from isogloss.data import task_card
from isogloss.models import PRESETS
from isogloss.study.spec.settings import (
    OF_CHECKPOINT,
    FinetuningSettings,
    StatisticsSettings,
    TokenizerSettings,
    refused,
)

OF_MODULES: Final = ("language_modules", "route", "zero_shot_from")
"""Settings of fine-tuning that are about language-specific modules."""

_PRETRAINED: Final = ("bits_per_byte", "retrieval_accuracy")


Unread = tuple[str, Sequence[str], str]
"""A section of the spec, its keys that nothing reads, and why."""


class Entry(Protocol):
    """A treatment of the study."""

    def settings(self) -> Sequence[object]:
        """Return the settings to choose from by dev loss."""
        ...


class Asked(Protocol):
    """The part of a study's spec that these rules read."""

    tasks: tuple[str, ...]
    model: str
    statistics: StatisticsSettings
    choice_seed: int | None

    @property
    def treatments(self) -> Sequence[Entry]:
        """Treatments in the order of the spec."""
        ...

    def unread(self) -> Iterator[Unread]:
        """Yield what no run reads because of the kind of study."""
        ...


def refuse_unread(spec: Asked) -> None:
    """Refuse settings that would do nothing in this study.

    A value that is the default, of presets or of checkpoints, is no setting: a resolved study is
    read again as it was written.

    Raises:
        InputError: a key with a value of its own that no run of the study reads.
    """
    for section, keys, why in _unread(spec):
        settings: BaseModel = getattr(spec, section)
        plain = type(settings)()
        started = {} if spec.model in PRESETS else OF_CHECKPOINT.get(section, {})
        for key in keys:
            if getattr(settings, key) not in (getattr(plain, key), started.get(key)):
                raise refused(
                    f"keys that a run of the study reads: {why}",
                    f"`{section}.{key}`, which would do nothing",
                    "Remove the key.",
                )
    if spec.choice_seed is not None and all(len(one.settings()) == 1 for one in spec.treatments):
        raise refused(
            "a treatment with settings to choose from (`choose`, or `temperature`)",
            "`choice_seed`, which would do nothing",
            "Remove the key.",
        )
    _refuse_absent_metrics(spec)


def _unread(spec: Asked) -> Iterator[Unread]:
    """Yield sections, their keys that nothing reads, and why."""
    if spec.model not in PRESETS:
        why = f"`{spec.model}` keeps its own tokenizer, none is trained"
        yield "tokenizer", list(TokenizerSettings.model_fields), why
    if not spec.tasks:
        keys = list(FinetuningSettings.model_fields)
        yield "finetuning", keys, "without `tasks` nothing is fine-tuned"
    yield from spec.unread()


def _refuse_absent_metrics(spec: Asked) -> None:
    """Refuse a smallest effect of a metric that the study does not measure."""
    measured = {*_PRETRAINED, *(one for task in spec.tasks for one in task_card(task).metrics)}
    smallest: Mapping[str, float] = spec.statistics.smallest_effect
    for metric in smallest:
        if metric not in measured:
            raise refused(
                "a smallest effect of a metric of the study: "
                f"{', '.join(one for one in METRICS if one in measured)}",
                f"`{metric}`",
                "Remove it, or add a task that is scored by it.",
            )
