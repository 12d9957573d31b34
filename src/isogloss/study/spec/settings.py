"""The sections of a study file: what may be set, within which bounds, and the defaults."""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    PlainSerializer,
    Tag,
    ValidationInfo,
    field_validator,
    model_validator,
)

from isogloss.core import METRICS, InputError, Language, is_switch, look_up, printable, shown
from isogloss.data import TASKS, build_provider, task_card

# Upper limits are far beyond what anybody trains: a slip of the keyboard is told before it is an
# overflow, an allocation of terabytes or a run without end.
LONGEST: Final = 65_536
# Sizes to the power of it are to stay numbers; 1 draws languages as they come.
STEEPEST: Final = 10.0
MOST_SEEDS: Final = 100
# The ways of giving seeds: pydantic names them among the keys of an error.
LISTED, STAGES = "(list)", "(stages)"


# What a training from a checkpoint has in place of the defaults below, which are those of small
# models from scratch: at their rates a pretrained encoder is destroyed within some updates. BERT is
# fine-tuned at 2e-5 to 5e-5 (Devlin et al. 2019, https://arxiv.org/abs/1810.04805), best with a
# warm-up over 10 % and little decay (Mosbach et al. 2021, https://arxiv.org/abs/2006.04884);
# continued masked-LM training goes up to 1e-4 in batches of 256 and more (Gururangan et al. 2020,
# https://arxiv.org/abs/2004.10964), ours are smaller.
OF_CHECKPOINT: Final[Mapping[str, Mapping[str, float]]] = {
    "pretraining": {"learning_rate": 5e-5, "warm_up": 0.1, "weight_decay": 0.01},
    "finetuning": {"learning_rate": 5e-5, "warm_up": 0.1, "weight_decay": 0.01},
}


class Strict(BaseModel):
    """Refuses unknown keys and numbers that are none; frozen."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, arbitrary_types_allowed=True, allow_inf_nan=False
    )

    @field_validator("*", mode="before")
    @classmethod
    def _no_switch(cls, value: object, info: ValidationInfo) -> object:
        """Refuse true and false for a number, which Python takes for 1 and 0."""
        name = info.field_name
        if name in cls.model_fields and is_switch(cls.model_fields[name].annotation, value):
            raise refused("a number", shown(value), f"Write a number for `{name}`.")
        return value


def _language(value: object) -> Language:
    """Read a language; YAML makes false of Norwegian's `no` unless it stands in quotes."""
    if isinstance(value, Language):
        return value
    if not isinstance(value, str):
        next_step = 'Write its code in quotes, as "no", or its code of three letters.'
        raise refused("a language as text", shown(value), next_step)
    return Language.parse(value)


Code = Annotated[Language, BeforeValidator(_language), PlainSerializer(str, return_type=str)]


def refused(expected: str, found: str, next_step: str) -> InputError:
    """Return an error whose place the reader of the file fills in."""
    return InputError(expected=expected, found=found, where="study", next_step=next_step)


def harmless(name: str) -> str:
    """Return a name, unless a spreadsheet would run it or a terminal act on it.

    Args:
        name: of a study or a treatment, which stands in every table.

    Raises:
        InputError: it begins as a formula does, or holds a control character.
    """
    if name.startswith(("=", "+", "-", "@")) or printable(name, one_line=True) != name:
        raise refused(
            "a name that begins with a letter or a number, without control characters",
            shown(printable(name, one_line=True)),
            "A spreadsheet would run it as a formula, or a terminal act on it: choose another.",
        )
    return name


class TokenizerSettings(Strict):
    """The one tokenizer of a study; every model of the study uses it."""

    kind: Literal["bpe", "unigram"] = "bpe"
    vocabulary_size: int = Field(default=2000, ge=300, le=1_000_000)
    exponent: float = Field(
        default=0.5, ge=0, le=STEEPEST, description="balance of the sample, 0 = equal"
    )
    max_bytes: int = Field(
        default=20_000_000, gt=0, le=10**12, description="size of the training sample"
    )
    languages: tuple[Code, ...] = Field(
        default=(), description="that it is trained on; the study's where none are given"
    )


class PretrainingSettings(Strict):
    """Masked-LM training from scratch, or on from a checkpoint; see `OF_CHECKPOINT`."""

    updates: int = Field(default=2000, ge=0, le=10**9, description="updates PER LANGUAGE")
    rows: int = Field(default=16, ge=1, le=10**6, description="sequences per update (batch size)")
    length: int = Field(default=128, ge=8, le=LONGEST, description="longest sequence, in tokens")
    masking: float = Field(default=0.3, gt=0, lt=1)
    exponent: float = Field(
        default=0.0,
        ge=0,
        le=STEEPEST,
        description="of untreated sampling; 0 = each language has its own budget",
    )
    learning_rate: float = Field(default=2e-3, gt=0, le=10)
    schedule: Literal["constant", "linear", "cosine"] = "cosine"
    warm_up: float = Field(default=0.1, ge=0, lt=1)
    weight_decay: float = Field(default=0.01, ge=0, le=100)
    clip: float = Field(default=1.0, gt=0, le=10**9)
    dev_points: int = Field(
        default=8, ge=1, le=10**5, description="evaluations on dev data along the run"
    )
    head_updates: int | None = Field(
        default=None,
        ge=0,
        le=10**9,
        description="of a checkpoint's masked-LM head alone, before all else; where none are given "
        "300 for a checkpoint that has no such head, else none",
    )


class ModulesInFinetuning(Strict):
    """Whether language-specific modules move in fine-tuning; one word stands for both.

    Where the two differ, a model with such modules is fine-tuned twice on a language: for the
    tests on it and for those on other languages.
    """

    within_language: Literal["frozen", "tuned"] = "tuned"
    zero_shot: Literal["frozen", "tuned"] = "frozen"

    @model_validator(mode="before")
    @classmethod
    def _one_word(cls, value: object) -> object:
        if isinstance(value, str):
            return {"within_language": value, "zero_shot": value}
        return value


class FinetuningOfTask(Strict):
    """What one task has in place of the settings of all: paragraphs are longer than sentences."""

    epochs: int | None = Field(default=None, ge=1, le=10**5)
    rows: int | None = Field(default=None, ge=1, le=10**6)
    length: int | None = Field(default=None, ge=8, le=LONGEST)
    learning_rate: float | None = Field(default=None, gt=0, le=10)
    max_examples: int | None = Field(default=None, ge=1, le=10**9)


class FinetuningSettings(Strict):
    """Supervised training of the pretrained encoder on one language; see `OF_CHECKPOINT`."""

    epochs: int = Field(default=6, ge=1, le=10**5)
    rows: int = Field(default=32, ge=1, le=10**6)
    length: int = Field(default=128, ge=8, le=LONGEST)
    learning_rate: float = Field(default=5e-4, gt=0, le=10)
    schedule: Literal["constant", "linear", "cosine"] = "linear"
    warm_up: float = Field(default=0.1, ge=0, lt=1)
    weight_decay: float = Field(default=0.01, ge=0, le=100)
    clip: float = Field(default=1.0, gt=0, le=10**9)
    exponent: float = Field(
        default=0.5,
        ge=0,
        le=STEEPEST,
        description="of untreated sampling where several languages are learned",
    )
    language_modules: ModulesInFinetuning = ModulesInFinetuning()
    route: Literal["target", "source"] = Field(
        default="target", description="whose modules a zero-shot test runs through"
    )
    zero_shot_from: Literal["all", "pivot"] = Field(
        default="all", description="fine-tuned on which languages for tests on others"
    )
    max_examples: int | None = Field(
        default=None, ge=1, le=10**9, description="training examples per language"
    )
    tasks: dict[str, FinetuningOfTask] = Field(
        default_factory=dict, description="by task: its own epochs, rows, length, rate, examples"
    )

    @field_validator("tasks")
    @classmethod
    def _known_tasks(cls, tasks: dict[str, FinetuningOfTask]) -> dict[str, FinetuningOfTask]:
        for task in tasks:
            look_up(TASKS, task, "task")
        return tasks

    def of(self, task: str) -> Self:
        """Return the settings of a task, whatever its sets."""
        own = self.tasks.get(task_card(task).base)
        return self if own is None else self.model_copy(update=own.model_dump(exclude_none=True))

    def of_single_tasks(self) -> str:
        """Return in words the settings that single tasks have of their own."""
        own = {task: one.model_dump(exclude_none=True) for task, one in self.tasks.items()}
        return "".join(
            f"; {task}: " + ", ".join(f"{key} {value:g}" for key, value in one.items())
            for task, one in own.items()
        )


class TaskEntry(Strict):
    """A task with its sets; written `pos`, `pos.pud` or `{task: pos, test: pos.pud}`.

    Attributes:
        task: name of the task.
        train: kind of data that is fine-tuned on, the task's main set where none is given.
        test: kind of data that the scores come from, the one of `train` where none is given.
    """

    task: str
    train: str = ""
    test: str = ""

    @property
    def name(self) -> str:
        """What the task is called in tables and runs."""
        train = self.train or self.task
        return task_card(train, self.test).name


def _task(value: object) -> object:
    """Read a task and its sets as its name."""
    if isinstance(value, TaskEntry):
        value = value.name
    elif isinstance(value, dict):
        entry = TaskEntry.model_validate(value)
        look_up(TASKS, entry.task, "task")
        for kind in filter(None, (entry.train, entry.test)):
            if kind.partition(".")[0] != entry.task:
                raise refused(f"sets of `{entry.task}`", f"`{kind}`", f"Write `{entry.task}.NAME`.")
        value = entry.name
    if isinstance(value, str):
        task_card(value)
    return value


Task = Annotated[str, BeforeValidator(_task)]


class PseudoTasks(Strict):
    """Groups of one language's examples that are fine-tuned on as if they were languages."""

    language: Code
    groups: int = Field(default=4, ge=2, le=64)


class TranslationSettings(Strict):
    """Where the translations come from that treatments of translated examples read.

    Attributes:
        source: language whose labelled examples are learned; others are learned in translation.
        provider: a name of `isogloss list translations`.
        options: of the provider.
    """

    source: Code
    provider: str = "parallel_labelled"
    options: dict[str, Any] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _is_a_provider(self) -> Self:
        build_provider(self.as_provider())
        return self

    def as_provider(self) -> dict[str, Any]:
        """Return the settings of the provider, as `build_provider` reads them."""
        return {"provider": self.provider, **self.options}


class SeedsUntilDecided(Strict):
    """Seeds from 0 on, in stages: further ones are run only for comparisons that are open.

    Attributes:
        first: trainings of each kind at the first stage.
        most: trainings of each kind at the last one.
    """

    first: int = Field(ge=2, le=MOST_SEEDS)
    most: int = Field(ge=3, le=MOST_SEEDS)

    @model_validator(mode="after")
    def _grows(self) -> "SeedsUntilDecided":
        if self.most <= self.first:
            raise refused(
                "more seeds at most than at first",
                f"first {self.first}, most {self.most}",
                "Write for example `seeds: {first: 3, most: 9}`, or a list for one stage.",
            )
        return self


def _kind_of_seeds(value: object) -> str:
    """Return which way of giving seeds a value is meant to be."""
    return STAGES if isinstance(value, dict | SeedsUntilDecided) else LISTED


# Generators take seeds of 31 bits everywhere.
ListedSeeds = Annotated[
    tuple[Annotated[int, Field(ge=0, lt=2**31)], ...], Field(min_length=1, max_length=MOST_SEEDS)
]
Seeds = Annotated[
    Annotated[ListedSeeds, Tag(LISTED)] | Annotated[SeedsUntilDecided, Tag(STAGES)],
    Discriminator(_kind_of_seeds),
]


class StatisticsSettings(Strict):
    """How verdicts are reached."""

    alpha: float = Field(default=0.05, gt=0, lt=1)
    smallest_effect: dict[str, Annotated[float, Field(ge=0, le=10**6)]] = Field(
        default_factory=dict, description="by metric, in place of the metric's own"
    )

    @field_validator("smallest_effect")
    @classmethod
    def _known_metrics(cls, smallest: dict[str, float]) -> dict[str, float]:
        for metric in smallest:
            look_up(METRICS, metric, "metric")
        return smallest


class LoggingSettings(Strict):
    """What a run writes beside its records."""

    conflict: int = Field(default=40, ge=0, le=10**9)
    tensorboard: bool = False
    checkpoint_seconds: float = Field(default=60.0, ge=0, le=10**9)
