"""The study spec: what a user writes, checked at the door, frozen, unknown keys refused."""

from pathlib import Path
from typing import Annotated, Any, Literal, cast, get_args

from pydantic import (
    BaseModel,
    BeforeValidator,
    Field,
    PlainSerializer,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from isogloss.core import (
    InputError,
    Language,
    closest,
    first_complaint,
    look_up,
    parse_yaml,
    read_yaml,
    shown,
)
from isogloss.data import TASKS
from isogloss.models import PRESETS
from isogloss.study.reference import ReferenceEntry
from isogloss.study.settings import (
    FinetuningSettings,
    LoggingSettings,
    PretrainingSettings,
    StatisticsSettings,
    Strict,
    TokenizerSettings,
)
from isogloss.treatments import build_treatment


def _language(value: object) -> Language:
    """Read a language; YAML makes false of Norwegian's `no` unless it stands in quotes."""
    if isinstance(value, Language):
        return value
    if not isinstance(value, str):
        next_step = 'Write its code in quotes, as "no", or its code of three letters.'
        raise _refused("a language as text", shown(value), next_step)
    return Language.parse(value)


Code = Annotated[Language, BeforeValidator(_language), PlainSerializer(str, return_type=str)]


def _refused(expected: str, found: str, next_step: str) -> InputError:
    """Return an error whose place the reader of the file fills in."""
    return InputError(expected=expected, found=found, where="study", next_step=next_step)


class TreatmentEntry(Strict):
    """One treatment with its options; written `name` or `name: {option: value}`."""

    name: str
    options: dict[str, Any] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _short_forms(cls, value: object) -> object:
        if isinstance(value, str):
            return {"name": value}
        if isinstance(value, dict) and "name" not in value and len(value) == 1:
            name, options = next(iter(value.items()))
            return {"name": name, "options": options or {}}
        return value

    @model_validator(mode="after")
    def _is_known(self) -> "TreatmentEntry":
        build_treatment(self.name, self.options)
        return self


class StudySpec(Strict):
    """A study: which mixtures of languages, which treatments, how much training, which tests.

    Attributes:
        mixtures: sets of languages that one model learns together; the first of each is the pivot.
        match: how the monolingual runs' budget is matched; a verdict that flips is pointed out.
        reference: paper whose numbers the report shows beside the study's own.
    """

    name: str = Field(min_length=1)
    question: str = ""
    mixtures: tuple[Annotated[tuple[Code, ...], Field(min_length=1)], ...] = Field(min_length=1)
    treatments: tuple[TreatmentEntry, ...] = Field(
        default_factory=lambda: (
            TreatmentEntry(name="monolingual"),
            TreatmentEntry(name="untreated"),
        )
    )
    tasks: tuple[str, ...] = ()
    # Generators take seeds of 31 bits everywhere.
    seeds: tuple[Annotated[int, Field(ge=0, lt=2**31)], ...] = Field(
        default=(0, 1, 2), min_length=1
    )
    match: tuple[Literal["language", "total"], ...] = Field(
        default=("language", "total"), min_length=1
    )
    model: str = "tiny"
    precision: Literal["auto", "bf16", "fp32"] = "auto"
    tokenizer: TokenizerSettings = TokenizerSettings()
    pretraining: PretrainingSettings = PretrainingSettings()
    finetuning: FinetuningSettings = FinetuningSettings()
    statistics: StatisticsSettings = StatisticsSettings()
    logging: LoggingSettings = LoggingSettings()
    reference: ReferenceEntry | None = None

    @field_validator("mixtures")
    @classmethod
    def _distinct(
        cls, mixtures: tuple[tuple[Language, ...], ...]
    ) -> tuple[tuple[Language, ...], ...]:
        for mixture in mixtures:
            if len(set(mixture)) != len(mixture):
                raise _refused(
                    "each language once in a mixture",
                    " + ".join(map(str, mixture)),
                    "Remove the repeated language (aliases count as the same).",
                )
            if len(mixture) < 2:
                raise _refused(
                    "two languages or more in a mixture: interference is between languages",
                    ", ".join(map(str, mixture)) or "none",
                    "Add a language, for example [[en, sw]].",
                )
        return mixtures

    @field_validator("mixtures", "tasks", "seeds", "match")
    @classmethod
    def _nothing_twice(cls, values: tuple[Any, ...], info: ValidationInfo) -> tuple[Any, ...]:
        twice = next((one for i, one in enumerate(values) if one in values[:i]), None)
        if twice is not None:
            name = " + ".join(map(str, twice)) if isinstance(twice, tuple) else str(twice)
            raise _refused(
                f"each of the {info.field_name} once",
                f"`{name}` twice: the same run twice is not more evidence",
                "Remove the repeated one.",
            )
        return values

    @field_validator("tasks")
    @classmethod
    def _known_tasks(cls, tasks: tuple[str, ...]) -> tuple[str, ...]:
        for task in tasks:
            look_up(TASKS, task, "task")
        return tasks

    @field_validator("treatments")
    @classmethod
    def _controls(cls, treatments: tuple[TreatmentEntry, ...]) -> tuple[TreatmentEntry, ...]:
        names = [entry.name for entry in treatments]
        if len(set(names)) != len(names):
            raise _refused(
                "each treatment once, with all its settings to choose from",
                f"a treatment twice: {', '.join(names)}",
                "Remove one, or make two studies and `isogloss compare` them.",
            )
        for control in ("untreated", "monolingual"):
            if control not in names:
                raise _refused(
                    f"`{control}` among the treatments, for the others to be compared with",
                    f"{', '.join(names) or 'none'}: `{control}` is missing",
                    f"Add the line `- {control}`.",
                )
        return treatments

    @field_validator("model")
    @classmethod
    def _is_a_model(cls, model: str) -> str:
        # A hub name has one slash; whether the folder or the name holds a model, reading it says.
        if not Path(model).is_dir() and model.strip("/.~").count("/") != 1:
            look_up(PRESETS, model, "preset, existing folder or hub name (owner/name)")
        return model

    @model_validator(mode="after")
    def _reference_names_our_languages(self) -> "StudySpec":
        if self.reference:
            self.reference.refuse_strangers(self.languages)
        return self

    @property
    def languages(self) -> tuple[Language, ...]:
        """All languages of the study, in the order of first mention."""
        return tuple(dict.fromkeys(language for mixture in self.mixtures for language in mixture))


def parse_spec(content: object, where: str) -> StudySpec:
    """Check the content of a study file.

    Args:
        content: what YAML read.
        where: the file, for messages.

    Raises:
        InputError: an unknown key (with the nearest known one), a wrong type, a missing key.
    """
    if not isinstance(content, dict):
        raise InputError(
            expected="a study: keys and values, at least `name` and `mixtures`",
            found="a list" if isinstance(content, list) else shown(content),
            where=where,
            next_step="Start from one of the files in studies/.",
        )
    try:
        return StudySpec.model_validate(content)
    except ValidationError as error:
        raise _readable(error, where) from error


def load_spec(path: Path, overrides: tuple[str, ...] = ()) -> StudySpec:
    """Read a study file and apply `a.b=c` overrides.

    Raises:
        InputError: the file is missing, is no YAML, or does not describe a study.
    """
    next_step = "The studies that come along are in studies/; docs/studies.md explains them."
    content = read_yaml(path, what="a study file (YAML)", next_step=next_step)
    if isinstance(content, dict):
        for override in overrides:
            apply_override(cast("dict[str, Any]", content), override)
    return parse_spec(content, str(path))


def apply_override(content: dict[str, Any], override: str) -> None:
    """Set one dotted key in the content of a study file, in place.

    Raises:
        InputError: no `key=value`, a value that is no YAML, or a key below one that has no keys.

    Example:
        >>> content = {"pretraining": {"updates": 2000}}
        >>> apply_override(content, "pretraining.updates=50")
        >>> content
        {'pretraining': {'updates': 50}}
    """
    key, equals, value = override.partition("=")
    if not equals or not all(key.split(".")):
        raise _no_override(override, "--set key.key=value")
    try:
        parsed = parse_yaml(value, where="--set")
    except InputError as error:
        raise _no_override(override, "a value that is YAML") from error
    *parents, last = key.split(".")
    for parent in parents:
        if content.get(parent) is None:
            content[parent] = {}
        if not isinstance(content[parent], dict):
            raise _no_override(override, f"keys below `{parent}`, which has none")
        content = content[parent]
    content[last] = parsed


def _no_override(override: str, expected: str) -> InputError:
    return InputError(
        expected=expected,
        found=f"`{override}`",
        where="--set",
        next_step="For example --set pretraining.updates=500, or --set 'seeds=[0, 1]'.",
    )


def _readable(error: ValidationError, where: str) -> InputError:
    """Turn the first complaint of pydantic into one of ours."""
    first = first_complaint(error)
    place = f"{where}: {'.'.join(first.keys)}" if first.keys else where
    if first.is_unknown_key:
        known = list(_model_at(first.keys[:-1]).model_fields)
        near = closest(first.keys[-1], known)
        return InputError(
            expected=f"one of the keys {', '.join(known)}",
            found=f"`{first.keys[-1]}`",
            where=place,
            next_step=f"Did you mean `{near}`?" if near else "Remove the key.",
        )
    if first.cause is not None:
        cause = first.cause
        return InputError(
            expected=cause.expected, found=cause.found, where=place, next_step=cause.next_step
        )
    return InputError(
        expected=first.expected,
        found=first.found,
        where=place,
        next_step="docs/studies.md lists every key with its type.",
    )


def _model_at(path: tuple[str, ...]) -> type[BaseModel]:
    """Return the model that holds the key at `path`."""
    model: type[BaseModel] = StudySpec
    for part in path:
        field = model.model_fields.get(part)
        if field is not None:
            kinds = (field.annotation, *get_args(field.annotation))
            nested = [kind for kind in kinds if isinstance(kind, type)]
            model = next((kind for kind in nested if issubclass(kind, BaseModel)), model)
        elif part.isdigit():
            model = TreatmentEntry
    return model
