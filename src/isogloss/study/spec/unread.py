"""Keys of a study that none of its runs would read: refused, not accepted without effect."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Literal, Protocol

from pydantic import BaseModel

from isogloss.core import METRICS, InputError, Language
from isogloss.data import task_card
from isogloss.models import PRESETS
from isogloss.study.spec.settings import (
    OF_CHECKPOINT,
    FinetuningSettings,
    ModulesInFinetuning,
    PretrainingSettings,
    StatisticsSettings,
    TokenizerSettings,
    refused,
)
from isogloss.training import (
    AdamWSettings,
    MaskedLMObjective,
    OptimizerStep,
    TextSampling,
    TrainingPlan,
    WeightedSum,
)
from isogloss.treatments import Treatment

_OF_MODULES: Final = ("language_modules", "route", "zero_shot_from")
# Without updates a checkpoint is scored as it is: on rows of this length.
_WITHOUT_UPDATES: Final = ("updates", "head_updates", "length")
_PRETRAINED: Final = ("bits_per_byte", "retrieval_accuracy")


class Entry(Protocol):
    """A treatment of the study."""

    @property
    def kind(self) -> type[Treatment]:
        """The treatment's class."""
        ...

    def build(self) -> Treatment:
        """Return the treatment with its options."""
        ...

    def settings(self) -> Sequence[object]:
        """Return the settings to choose from by dev loss."""
        ...


class Asked(Protocol):
    """The part of a study's spec that these rules read."""

    treat: Literal["pretraining", "finetuning"]
    mixtures: tuple[tuple[Language, ...], ...]
    tasks: tuple[str, ...]
    model: str
    tokenizer: TokenizerSettings
    pretraining: PretrainingSettings
    finetuning: FinetuningSettings
    statistics: StatisticsSettings
    choice_seed: int | None

    @property
    def treatments(self) -> Sequence[Entry]:
        """Treatments in the order of the spec."""
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


def _unread(spec: Asked) -> Iterator[tuple[str, Sequence[str], str]]:
    """Yield sections, their keys that nothing reads, and why."""
    if spec.model not in PRESETS:
        why = f"`{spec.model}` keeps its own tokenizer, none is trained"
        yield "tokenizer", _keys(TokenizerSettings), why
    # A head that the checkpoint lacks is trained by these settings, unless that is ruled out.
    if spec.treat == "finetuning" and (
        spec.pretraining.updates,
        spec.pretraining.head_updates,
    ) == (0, 0):
        keys = [key for key in _keys(PretrainingSettings) if key not in _WITHOUT_UPDATES]
        yield "pretraining", keys, "with `pretraining.updates: 0` nothing is pretrained"
    if not spec.tasks:
        yield "finetuning", _keys(FinetuningSettings), "without `tasks` nothing is fine-tuned"
    if spec.treat == "finetuning":
        why = "with `treat: finetuning` no model has language-specific modules"
        yield "finetuning", _OF_MODULES, why
        return
    yield "finetuning", ("exponent",), "it is of `treat: finetuning`, several languages at once"
    if not any(_adds_modules(entry, spec.mixtures[0]) for entry in spec.treatments):
        why = "no treatment here has language-specific modules, which it is about"
        yield "finetuning", _OF_MODULES, why
    modules: ModulesInFinetuning = spec.finetuning.language_modules
    if modules.within_language == modules.zero_shot:
        why = "with one `language_modules` for both, one fine-tuning serves all tests"
        yield "finetuning", ("zero_shot_from",), why


def _keys(model: type[BaseModel]) -> Sequence[str]:
    return list(model.model_fields)


def _adds_modules(entry: Entry, languages: tuple[Language, ...]) -> bool:
    """Return whether a treatment gives each language modules of its own."""
    if "modules" not in entry.kind.parts:
        return False
    plain = TrainingPlan(
        languages=languages,
        updates=1,
        rows=1,
        length=8,
        seed=0,
        sampler=TextSampling(0.0),
        modules=(),
        objective=MaskedLMObjective(0.3),
        combine=WeightedSum(),
        step=OptimizerStep(AdamWSettings(learning_rate=1e-3), "constant", 0.0, 1.0),
    )
    try:
        return any(not module.shared for module in entry.build().apply(plain).modules)
    except InputError:
        return True  # the plan refuses it, and says where


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
