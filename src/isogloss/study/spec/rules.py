"""What a study may ask for whose treatments are applied to fine-tuning."""

from collections.abc import Sequence
from typing import Final, Literal, Protocol

from isogloss.core import Language, look_up
from isogloss.data import task_card
from isogloss.diagnosis import MEASUREMENTS
from isogloss.models import PRESETS
from isogloss.study.spec.settings import (
    FinetuningSettings,
    PretrainingSettings,
    PseudoTasks,
    refused,
)
from isogloss.treatments import TREATMENTS, Treatment

BASE: Final = "base"
"""Label of the pretraining that all fine-tunings of such a study start from."""


class Entry(Protocol):
    """A treatment of the study: its name, its label and its class."""

    name: str
    label: str

    @property
    def kind(self) -> type[Treatment]:
        """The treatment's class."""
        ...


class Asked(Protocol):
    """The part of a study's spec that these rules read."""

    treat: Literal["pretraining", "finetuning"]
    mixtures: tuple[tuple[Language, ...], ...]
    tasks: tuple[str, ...]
    zero_shot_to: tuple[Language, ...]
    pseudo_tasks: PseudoTasks | None
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


def refuse_unfit_finetuning(spec: Asked) -> None:
    """Refuse what makes no sense for the training that a study treats.

    Raises:
        InputError: languages without fine-tuning in a study that treats pretraining, a language
            both fine-tuned on and not, no task, a treatment of pretraining only, or no pretraining
            of a model that is not pretrained.
    """
    _refuse_other_set_on_dev(spec.tasks, spec.scored_on)
    _refuse_other_tasks(spec.tasks, spec.finetuning)
    if spec.treat == "pretraining":
        _refuse_in_pretraining(spec.zero_shot_to, spec.pretraining.updates)
        if spec.pseudo_tasks is not None:
            raise refused(
                "`pseudo_tasks` in a study with `treat: finetuning` only",
                "it with `treat: pretraining`",
                "Add `treat: finetuning`, or remove the key.",
            )
        return
    _refuse_both(spec.mixtures, spec.zero_shot_to)
    if spec.pseudo_tasks is not None:
        _refuse_elsewhere(spec.mixtures, spec.pseudo_tasks.language)
    if not spec.tasks:
        raise refused(
            "a task to fine-tune under `tasks`, because `treat: finetuning` treats nothing else",
            "none",
            "Add for example `tasks: [ner]`.",
        )
    for entry in spec.treatments:
        _refuse_treatment(entry)
    if spec.pretraining.updates == 0 and spec.model in PRESETS:
        raise refused(
            "pretraining updates >= 1 for a preset, which begins with random weights",
            "0",
            "Set `pretraining.updates`, or give a pretrained `model`: a folder or a hub name.",
        )


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


def _refuse_in_pretraining(zero_shot_to: Sequence[Language], updates: int) -> None:
    if zero_shot_to:
        raise refused(
            "`zero_shot_to` in a study with `treat: finetuning` only",
            f"{', '.join(map(str, zero_shot_to))} with `treat: pretraining`",
            "Put the languages into the mixtures: every language of a mixture is tested zero-shot "
            "from every other one.",
        )
    if updates == 0:
        raise refused(
            "pretraining updates >= 1 where pretraining is what the treatments are applied to",
            "0",
            "Set `pretraining.updates`, or `treat: finetuning` with a pretrained `model`.",
        )


def _refuse_both(mixtures: Sequence[Sequence[Language]], zero_shot_to: Sequence[Language]) -> None:
    for mixture in mixtures:
        both = [language for language in mixture if language in zero_shot_to]
        if both:
            raise refused(
                "languages under `zero_shot_to` that no mixture holds: they are not fine-tuned on",
                f"{', '.join(map(str, both))} in both",
                "Take it out of one of the two.",
            )


def _refuse_elsewhere(mixtures: Sequence[Sequence[Language]], source: Language) -> None:
    for mixture in mixtures:
        if source not in mixture:
            raise refused(
                "the language of `pseudo_tasks` in every mixture: its base has to know it",
                f"{source} outside of {' + '.join(map(str, mixture))}",
                "Add it to the mixture.",
            )


def _refuse_treatment(entry: Entry) -> None:
    if "modules" in entry.kind.parts:
        fitting = [key for key, kind in TREATMENTS.items() if "modules" not in kind.parts]
        raise refused(
            "treatments that a fine-tuning can have, which adds no language-specific modules",
            f"`{entry.name}`, which does",
            f"Use `treat: pretraining` for it, or one of {', '.join(fitting)}.",
        )
    if entry.label == BASE:
        raise refused(
            f"a label other than `{BASE}`, which stands for the pretrained model",
            f"`{entry.label}`",
            "Choose another label.",
        )
