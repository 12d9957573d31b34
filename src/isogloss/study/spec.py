"""The study spec: what a user writes, checked at the door, frozen, unknown keys refused."""

from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidationError,
    field_validator,
    model_validator,
)

from isogloss.core import InputError, Language, closest, look_up
from isogloss.data import TASKS
from isogloss.treatments import build_treatment

Code = Annotated[
    Language,
    BeforeValidator(lambda value: value if isinstance(value, Language) else Language.parse(value)),
    PlainSerializer(str, return_type=str),
]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class TokenizerSettings(_Strict):
    """The one tokenizer of a study; every model of the study uses it."""

    kind: Literal["bpe", "unigram"] = "bpe"
    vocabulary_size: int = Field(default=2000, ge=300)
    exponent: float = Field(default=0.5, ge=0, description="balance of the sample, 0 = equal")
    max_bytes: int = Field(default=20_000_000, gt=0, description="size of the training sample")


class PretrainingSettings(_Strict):
    """Masked-LM training from scratch, or on from a checkpoint."""

    updates: int = Field(default=2000, ge=1, description="updates PER LANGUAGE")
    rows: int = Field(default=16, ge=1, description="rows of an update")
    length: int = Field(default=128, ge=8, description="pieces of a row")
    masking: float = Field(default=0.3, gt=0, lt=1)
    exponent: float = Field(
        default=0.0, ge=0, description="of untreated sampling; 0 = each language has its own budget"
    )
    learning_rate: float = Field(default=2e-3, gt=0)
    schedule: Literal["constant", "linear", "cosine"] = "cosine"
    warm_up: float = Field(default=0.1, ge=0, lt=1)
    weight_decay: float = Field(default=0.01, ge=0)
    clip: float = Field(default=1.0, gt=0)
    dev_points: int = Field(default=8, ge=1, description="evaluations on dev data along the run")


class FinetuningSettings(_Strict):
    """Supervised training of the pretrained encoder on one language of a task."""

    epochs: int = Field(default=6, ge=1)
    rows: int = Field(default=32, ge=1)
    length: int = Field(default=128, ge=8)
    learning_rate: float = Field(default=5e-4, gt=0)
    schedule: Literal["constant", "linear", "cosine"] = "linear"
    warm_up: float = Field(default=0.1, ge=0, lt=1)
    weight_decay: float = Field(default=0.01, ge=0)
    clip: float = Field(default=1.0, gt=0)
    language_modules: Literal["frozen", "tuned"] = "frozen"
    max_examples: int | None = Field(
        default=None, ge=1, description="training examples per language"
    )


class StatisticsSettings(_Strict):
    """How verdicts are reached."""

    alpha: float = Field(default=0.05, gt=0, lt=1)
    smallest_effect: dict[str, float] = Field(
        default_factory=dict, description="by metric, in place of the metric's own"
    )


class LoggingSettings(_Strict):
    """What a run writes beside its records."""

    tensorboard: bool = False
    checkpoint_seconds: float = Field(default=60.0, ge=0)


class TreatmentEntry(_Strict):
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


class StudySpec(_Strict):
    """A study: which mixtures of languages, which treatments, how much training, which tests.

    Attributes:
        mixtures: sets of languages that one model learns together; the first of each is the pivot.
        match: how the monolingual runs' budget is matched; a verdict that flips is pointed out.
    """

    name: str = Field(min_length=1)
    question: str = ""
    mixtures: tuple[tuple[Code, ...], ...] = Field(min_length=1)
    treatments: tuple[TreatmentEntry, ...] = Field(
        default_factory=lambda: (
            TreatmentEntry(name="monolingual"),
            TreatmentEntry(name="untreated"),
        )
    )
    tasks: tuple[str, ...] = ()
    seeds: tuple[int, ...] = Field(default=(0, 1, 2), min_length=1)
    match: tuple[Literal["language", "total"], ...] = ("language", "total")
    model: str = "tiny"
    precision: Literal["auto", "bf16", "fp32"] = "auto"
    tokenizer: TokenizerSettings = TokenizerSettings()
    pretraining: PretrainingSettings = PretrainingSettings()
    finetuning: FinetuningSettings = FinetuningSettings()
    statistics: StatisticsSettings = StatisticsSettings()
    logging: LoggingSettings = LoggingSettings()

    @field_validator("mixtures")
    @classmethod
    def _distinct(
        cls, mixtures: tuple[tuple[Language, ...], ...]
    ) -> tuple[tuple[Language, ...], ...]:
        for mixture in mixtures:
            if len(set(mixture)) != len(mixture):
                raise InputError(
                    expected="each language once in a mixture",
                    found=" + ".join(map(str, mixture)),
                    where="mixtures",
                    next_step="Remove the repeated language (aliases count as the same).",
                )
        return mixtures

    @field_validator("tasks")
    @classmethod
    def _known_tasks(cls, tasks: tuple[str, ...]) -> tuple[str, ...]:
        for task in tasks:
            look_up(TASKS, task, "task")
        return tasks

    @field_validator("seeds")
    @classmethod
    def _distinct_seeds(cls, seeds: tuple[int, ...]) -> tuple[int, ...]:
        if len(set(seeds)) != len(seeds):
            raise ValueError("the same seed twice: the same run twice, not more evidence")
        return seeds

    @model_validator(mode="after")
    def _controls(self) -> "StudySpec":
        names = [entry.name for entry in self.treatments]
        if len(set(names)) != len(names):
            raise ValueError("a treatment twice in `treatments`")
        for control in ("untreated", "monolingual"):
            if control not in names:
                raise ValueError(f"`{control}` is missing in `treatments`: nothing to compare with")
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
            found=f"{type(content).__name__}",
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
    if not path.is_file():
        raise InputError(
            expected="a study file (YAML)",
            found="no such file",
            where=str(path),
            next_step="The studies that come along are in studies/.",
        )
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InputError(
            expected="YAML",
            found=" ".join(str(error).split()),
            where=str(path),
            next_step="Mend the line that the message names.",
        ) from error
    for override in overrides:
        apply_override(content, override)
    return parse_spec(content, str(path))


def apply_override(content: dict[str, Any], override: str) -> None:
    """Set one dotted key in the content of a study file, in place.

    Example:
        >>> content = {"pretraining": {"updates": 2000}}
        >>> apply_override(content, "pretraining.updates=50")
        >>> content
        {'pretraining': {'updates': 50}}
    """
    key, equals, value = override.partition("=")
    if not equals or not key:
        raise InputError(
            expected="--set key.key=value",
            found=f"`{override}`",
            where="--set",
            next_step="For example --set pretraining.updates=500",
        )
    *parents, last = key.split(".")
    for parent in parents:
        content = content.setdefault(parent, {})
    content[last] = yaml.safe_load(value)


def _readable(error: ValidationError, where: str) -> InputError:
    """Turn the first complaint of pydantic into one of ours."""
    first = error.errors()[0]
    path = [str(part) for part in first["loc"]]
    if first["type"] == "extra_forbidden":
        known = list(_model_at(path[:-1]).model_fields)
        near = closest(path[-1], known)
        return InputError(
            expected=f"one of the keys {', '.join(known)}",
            found=f"`{path[-1]}`",
            where=f"{where}: {'.'.join(path)}",
            next_step=f"Did you mean `{near}`?" if near else "Remove the key.",
        )
    cause = first.get("ctx", {}).get("error")
    if isinstance(cause, InputError):
        return InputError(
            expected=cause.expected,
            found=cause.found,
            where=f"{where}: {'.'.join(path) or cause.where}",
            next_step=cause.next_step,
        )
    return InputError(
        expected=f"a usable `{'.'.join(path)}`" if path else "a usable study",
        found=f"{first['msg']} (got {first['input']!r})" if path else first["msg"],
        where=f"{where}: {'.'.join(path)}" if path else where,
        next_step="docs/studies.md lists every key with its type.",
    )


def _model_at(path: list[str]) -> type[BaseModel]:
    """Return the model that holds the key at `path`."""
    model: type[BaseModel] = StudySpec
    for part in path:
        field = model.model_fields.get(part)
        if field is not None and isinstance(field.annotation, type):
            if issubclass(field.annotation, BaseModel):
                model = field.annotation
        elif part.isdigit():
            model = TreatmentEntry
    return model
