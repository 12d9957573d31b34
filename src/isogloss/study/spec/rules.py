"""What no study may ask for, whatever its kind."""

from collections.abc import Sequence
from typing import Literal, Protocol

from isogloss.core import look_up
from isogloss.data import task_card
from isogloss.diagnosis import MEASUREMENTS
from isogloss.models import PRESETS
from isogloss.study.spec.settings import (
    FinetuningSettings,
    PretrainingSettings,
    refused,
)


class Asked(Protocol):
    """The part of a study's spec that these rules read."""

    tasks: tuple[str, ...]
    scored_on: Literal["test", "dev"]
    pretraining: PretrainingSettings
    finetuning: FinetuningSettings
    model: str
    trim: bool
    measurements: tuple[str, ...]


def refuse_unfit_tasks(spec: Asked) -> None:
    """Refuse tasks and settings of tasks that do not go together.

    Raises:
        InputError: a task that is tested on another set, scored on dev data, or settings of a task
            that the study does not have.
    """
    _refuse_other_set_on_dev(spec.tasks, spec.scored_on)
    _refuse_other_tasks(spec.tasks, spec.finetuning)


def refuse_unfit_trim(spec: Asked) -> None:
    """Refuse to trim the vocabulary of a preset, which is trained on the study's own text.

    Raises:
        InputError: the model is a preset.
    """
    if spec.trim and spec.model in PRESETS:
        raise refused(
            "`trim` with a checkpoint only: a folder or a hub name as `model`",
            f"it with the preset `{spec.model}`, whose vocabulary is made for the study's text",
            "Remove the key, or set `tokenizer.vocabulary_size`.",
        )


def refuse_unfit_head(spec: Asked) -> None:
    """Refuse a training of the head alone for a model that begins with random weights.

    Raises:
        InputError: the model is a preset.
    """
    if spec.pretraining.head_updates is not None and spec.model in PRESETS:
        raise refused(
            "`pretraining.head_updates` of a checkpoint only",
            f"it with `model: {spec.model}`, whose encoder is as new as its head",
            "Remove the key.",
        )


def refuse_unfit_measurements(spec: Asked) -> None:
    """Refuse measurements that the runs of a study cannot make, or that it makes anyway.

    Raises:
        InputError: an unknown name, a name twice, one that every study has, or one of fine-tunings
            in a study without a task.
    """
    stages = ("pretrain", "score", *(("finetune",) if spec.tasks else ()))
    for name in spec.measurements:
        one = look_up(MEASUREMENTS, name, "measurement")
        if not one.on_request or spec.measurements.count(name) > 1:
            raise refused(
                "measurements that the study would not make otherwise, each once",
                f"`{name}`",
                "Remove it: it is made anyway.",
            )
        if not set(one.stages) & set(stages):
            raise refused(
                f"runs that `{name}` can be measured of: {', '.join(one.stages)}",
                f"a study of {', '.join(stages)}",
                "Add `tasks`, or remove the measurement.",
            )


def _refuse_other_set_on_dev(tasks: Sequence[str], scored_on: str) -> None:
    other = [task for task in tasks if task_card(task).test_kind]
    if scored_on == "dev" and other:
        raise refused(
            "tasks that are tested on the set they are trained on, where scores come from dev data",
            f"`{other[0]}` with `scored_on: dev`",
            "Dev data are of the training set: name one set, or take `scored_on: test`.",
        )


def _refuse_other_tasks(tasks: Sequence[str], settings: FinetuningSettings) -> None:
    for task in settings.tasks:
        if task not in [task_card(one).base for one in tasks]:
            raise refused(
                f"settings of a task of the study: {', '.join(tasks) or 'it has none'}",
                f"`finetuning.tasks.{task}`, which would do nothing",
                f"Remove it (`--set finetuning.tasks={{}}`), or add `{task}` to `tasks`.",
            )
