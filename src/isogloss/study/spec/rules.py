"""What no study may ask for, whatever its kind."""

from collections.abc import Sequence
from typing import Literal, Protocol

from isogloss.core import Language, look_up
from isogloss.data import task_card
from isogloss.diagnosis import MEASUREMENTS
from isogloss.models import PRESETS
from isogloss.study.spec.settings import (
    FinetuningSettings,
    PretrainingSettings,
    PseudoTasks,
    TranslationSettings,
    refused,
)
from isogloss.treatments import Treatment, needs_translations


class Entry(Protocol):
    """A treatment of the study: its name and its class."""

    name: str

    @property
    def kind(self) -> type[Treatment]:
        """The treatment's class."""
        ...


class Asked(Protocol):
    """The part of a study's spec that these rules read."""

    mixtures: tuple[tuple[Language, ...], ...]
    pseudo_tasks: PseudoTasks | None
    translations: TranslationSettings | None
    tasks: tuple[str, ...]
    scored_on: Literal["test", "dev"]
    pretraining: PretrainingSettings
    finetuning: FinetuningSettings
    model: str
    trim: bool
    measurements: tuple[str, ...]

    @property
    def treatments(self) -> Sequence[Entry]:
        """Treatments in the order of the spec."""
        ...


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


def refuse_unfit_translations(spec: Asked) -> None:
    """Refuse treatments without the translations that they need, and translations for nobody.

    Raises:
        InputError: a treatment that needs `translations`, which the study does not name; they are
            named for nobody or beside `pseudo_tasks`, or a mixture lacks their source language.
    """
    needing = [entry for entry in spec.treatments if needs_translations(entry.kind)]
    settings = spec.translations
    if settings is None:
        if needing:
            raise refused(
                f"`translations` in a study with `{needing[0].name}`, which needs them for "
                f"{' and '.join(needs_translations(needing[0].kind))}",
                "none",
                "Add for example `translations: {source: en, provider: parallel_labelled}`.",
            )
        return
    if not needing or spec.pseudo_tasks is not None:
        raise refused(
            "`translations` with a treatment that reads them, and without `pseudo_tasks`",
            "no such treatment" if not needing else "both keys",
            "`isogloss list treatments` says which need translations; else remove the key.",
        )
    for mixture in spec.mixtures:
        if settings.source not in mixture:
            raise refused(
                "the language of `translations.source` in every mixture: it is learned from",
                f"{settings.source} outside of {' + '.join(map(str, mixture))}",
                "Add it to the mixture.",
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
