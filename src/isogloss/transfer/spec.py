"""What a transfer matrix is asked to be: checked when it is read, frozen, unknown keys refused."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from isogloss.core import InputError, Language, closest, first_complaint, read_yaml
from isogloss.data import task_card

METHODS: Final = ("adapters", "tune", "leave_one_out", "lookahead")
MASKED_LM: Final = "masked_lm"
_FOLDER: Final = Path(__file__).parent / "bundled"


def _language(value: object) -> object:
    """Read a code; whatever else stands there is refused by its type."""
    return Language.parse(value) if isinstance(value, str) else value


Code = Annotated[Language, BeforeValidator(_language)]
Positive = Annotated[int, Field(ge=1)]
Rate = Annotated[float, Field(ge=0, le=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class UnitSettings(_Strict):
    """How a language unit is trained: masked LM on one language, once for all cells and tasks.

    Attributes:
        kind: of the methods with adapters: `adapter` (bottleneck) or `lora`.
        updates: of an adapter; a few-step tune has `steps` in its place.
        rows: sequences of an update.
        length: tokens of a sequence.
        learning_rate: peak, falling linearly to 0 over the updates of the unit.
        bottleneck: of an adapter, or the rank of LoRA; None = a sixteenth of the hidden size, or 8.
        mask_rate: share of the tokens to predict.
    """

    kind: Literal["adapter", "lora"] = "adapter"
    updates: Positive = 300
    rows: Positive = 16
    length: Annotated[int, Field(ge=8)] = 128
    learning_rate: Rate = 5e-4
    bottleneck: Positive | None = None
    mask_rate: Annotated[float, Field(gt=0, lt=1)] = 0.15


class TaskSettings(_Strict):
    """How a task adapter and its head are trained, the body frozen, no language adapter active.

    Attributes:
        source: `all` = all languages with training data mixed; `english`; `leave_target_out` = one
            task adapter per target, trained on all others.
        epochs: passes over the training examples.
        max_examples: training examples per language; None = all.
        rows: examples of an update.
        length: most tokens of an example, in training and in tests.
        learning_rate: peak, falling linearly to 0.
        bottleneck: None = a sixteenth of the hidden size.
    """

    source: Literal["all", "english", "leave_target_out"] = "all"
    epochs: Annotated[float, Field(gt=0)] = 2.0
    max_examples: Positive | None = 1000
    rows: Positive = 32
    length: Annotated[int, Field(ge=8)] = 128
    learning_rate: Rate = 1e-3
    bottleneck: Positive | None = None


class CompanySettings(_Strict):
    """Adapters of several languages in one place.

    Attributes:
        sizes: how many languages are put together: 1 = alone.
        merge: `uniform_average` of the adapters' outputs, or `weight_average` of their parameters.
        targets: `members` tests a company on its own languages, `all` on every target.
        most: companies of each size above 2, a fixed sample; None = all.
    """

    sizes: tuple[Literal[1, 2, 3], ...] = (1,)
    merge: Literal["uniform_average", "weight_average"] = "uniform_average"
    targets: Literal["members", "all"] = "members"
    most: Positive | None = 50


class MatrixSpec(_Strict):
    """A transfer matrix: what each transfer language does to each target, on each task.

    Attributes:
        name: of the study.
        method: how the effect of a language is had, one of `METHODS`.
        model: folder or hub name of a masked-LM checkpoint.
        trim: leave the tokens that the data do not need out of the checkpoint.
        transfer_languages: rows of the matrix; each needs training text.
        targets: columns; empty = the transfer languages.
        tasks: scored; `masked_lm` = bits per byte of the target's test text.
        unseen: languages that the checkpoint has not seen in pretraining, as the user knows them.
        steps: updates of each few-step tune.
        controls: beside the languages: `shuffled` text, a `mix` of all transfer languages, and a
            `zero_rate`, which must change nothing.
        runs: trainings of each unit at first.
        most_runs: trainings at most, where a cell is open.
        test_examples: of each target, a fixed sample that is recorded; None = all.
        margin: smallest change of interest, a fraction; relative for bits per byte.
        alpha: false-discovery rate over all cells of a task and metric.
        distances: CSV file with the columns a, b and one per distance.
        seed: of every draw.
    """

    name: Annotated[str, Field(min_length=1)] = "matrix"
    method: Literal["adapters", "tune", "leave_one_out", "lookahead"] = "adapters"
    model: Annotated[str, Field(min_length=1)]
    trim: bool = False
    transfer_languages: Annotated[tuple[Code, ...], Field(min_length=2)]
    targets: tuple[Code, ...] = ()
    tasks: Annotated[tuple[str, ...], Field(min_length=1)] = ("ner", "pos")
    unseen: tuple[Code, ...] = ()
    steps: Annotated[tuple[Positive, ...], Field(min_length=1)] = (10, 100)
    controls: tuple[Literal["shuffled", "mix", "zero_rate"], ...] = ()
    runs: Annotated[int, Field(ge=1, le=100)] = 3
    most_runs: Annotated[int, Field(ge=1, le=100)] = 3
    test_examples: Annotated[int, Field(ge=2)] | None = 500
    margin: Annotated[float, Field(gt=0, lt=1)] = 0.005
    alpha: Annotated[float, Field(gt=0, lt=1)] = 0.05
    distances: str = ""
    seed: Annotated[int, Field(ge=0)] = 0
    unit: UnitSettings = UnitSettings()
    task: TaskSettings = TaskSettings()
    company: CompanySettings = CompanySettings()

    @model_validator(mode="after")
    def _refuse_unfit(self) -> "MatrixSpec":
        for key in ("transfer_languages", "targets", "tasks", "steps", "controls", "unseen"):
            _refuse_repeated(key, getattr(self, key))
        for task in self.tasks:
            if task != MASKED_LM:
                task_card(task)
        _refuse_without_effect(self)
        if self.most_runs < self.runs:
            raise InputError(
                expected=f"most_runs of {self.runs} or more, as `runs` has at first",
                found=str(self.most_runs),
                where="most_runs",
                next_step="Leave it out for one stage.",
            )
        return self

    @property
    def columns(self) -> tuple[Language, ...]:
        """The targets."""
        return self.targets or self.transfer_languages

    @property
    def languages(self) -> tuple[Language, ...]:
        """All languages, each once."""
        return tuple(dict.fromkeys((*self.transfer_languages, *self.columns)))

    @property
    def whole_body(self) -> bool:
        """Whether units are tuned bodies and not adapters."""
        return self.method != "adapters"

    @property
    def stages(self) -> tuple[int, ...]:
        """Runs that are there after each stage."""
        middle = (self.runs + self.most_runs + 1) // 2
        return tuple(sorted({self.runs, middle, self.most_runs}))

    def describe(self) -> dict[str, Any]:
        """Return the fields as JSON holds them."""
        languages = ("transfer_languages", "targets", "unseen")
        plain = self.model_dump(mode="python", exclude=set(languages))
        return {**plain, **{key: [str(one) for one in getattr(self, key)] for key in languages}}


def parse_matrix(content: dict[str, Any], where: str) -> MatrixSpec:
    """Check what was asked for.

    Args:
        content: keys and values.
        where: the place, for messages.

    Raises:
        InputError: an unknown key, a wrong type or value, or a key that would do nothing.
    """
    try:
        return MatrixSpec.model_validate(content)
    except ValidationError as error:
        first = first_complaint(error)
        place = f"{where}: {'.'.join(first.keys)}" if first.keys else where
        if first.cause is not None:
            cause = first.cause
            raise InputError(
                expected=cause.expected,
                found=cause.found,
                where=place,
                next_step=cause.next_step,
            ) from error
        near = closest(first.keys[-1], list(MatrixSpec.model_fields)) if first.keys else None
        step = f"Did you mean `{near}`?" if first.is_unknown_key and near else ""
        raise InputError(
            expected="a known key" if first.is_unknown_key else first.expected,
            found=f"`{first.keys[-1]}`" if first.is_unknown_key else first.found,
            where=place,
            next_step=step or "`isogloss matrix --help` shows every option.",
        ) from error


def bundled_matrix(name: str, profile: str) -> dict[str, Any]:
    """Return the keys of a bundled study of transfer, in one of its profiles.

    Args:
        name: of a file beside this room, such as `faisal2024`.
        profile: one of its profiles.

    Raises:
        InputError: there is no such study or profile.
    """
    path = _FOLDER / f"{name}.yaml"
    known = sorted(one.stem for one in _FOLDER.glob("*.yaml"))
    if name not in known:
        raise _unknown("a bundled study of transfer", name, known, "--study")
    content = read_yaml(path, what="a study file", next_step="Install isogloss again.")
    assert isinstance(content, dict)
    profiles: dict[str, Any] = content.pop("profiles")
    if profile not in profiles:
        raise _unknown(f"a profile of `{name}`", profile or "none", list(profiles), "--profile")
    for key, value in profiles[profile].items():
        under = content.get(key)
        content[key] = {**under, **value} if isinstance(under, dict) else value
    return content


def _unknown(what: str, found: str, known: Sequence[str], where: str) -> InputError:
    return InputError(
        expected=f"{what}: {', '.join(known)}",
        found=f"`{found}`",
        where=where,
        next_step=f"For example {where} {known[0]}.",
    )


def _refuse_repeated(key: str, values: Sequence[object]) -> None:
    if len(set(values)) < len(values):
        raise InputError(
            expected="each once",
            found=", ".join(map(str, values)),
            where=key,
            next_step="Remove what is repeated (aliases of a language count as the same).",
        )


def _refuse_without_effect(spec: MatrixSpec) -> None:
    """Refuse what was given and would do nothing with this method."""
    given = spec.model_fields_set
    idle = {
        "adapters": {"steps"},
        "tune": {"company"},
        "leave_one_out": {"company", "controls"},
        "lookahead": {"company", "steps"},
    }[spec.method]
    found = sorted(given & idle)
    if spec.whole_body and "kind" in spec.unit.model_fields_set:
        found.append("unit.kind")
    if spec.whole_body and "updates" in spec.unit.model_fields_set:
        found.append("unit.updates")
    if set(spec.tasks) == {MASKED_LM} and "task" in given:
        found.append("task")
    if found:
        raise InputError(
            expected=f"keys that do something with the method `{spec.method}`",
            found=", ".join(found),
            where="the matrix",
            next_step="Leave them out, or take another method.",
        )
