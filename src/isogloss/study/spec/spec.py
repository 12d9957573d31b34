"""The study spec: what a user writes, checked when it is read, frozen, unknown keys refused."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, cast

from pydantic import Field, ValidationInfo, field_validator, model_validator

from isogloss.core import REFERENCES, Language, look_up
from isogloss.data import LARGEST_OVERLAP
from isogloss.models import PRESETS
from isogloss.study.spec.rules import (
    refuse_unfit_head,
    refuse_unfit_measurements,
    refuse_unfit_tasks,
    refuse_unfit_translations,
    refuse_unfit_trim,
)
from isogloss.study.spec.settings import (
    OF_CHECKPOINT,
    Code,
    FinetuningSettings,
    LoggingSettings,
    PretrainingSettings,
    PseudoTasks,
    Seeds,
    SeedsUntilDecided,
    StatisticsSettings,
    Strict,
    Task,
    TokenizerSettings,
    TranslationSettings,
    harmless,
    refused,
)
from isogloss.study.spec.treatment_entry import CONTROLS, TreatmentEntry
from isogloss.study.spec.unread import Unread, refuse_unread


class StudySpec(Strict, ABC):
    """A study: which mixtures of languages, which treatments, how much training, which tests.

    Each kind of study is a final class of it, in a row of `STUDY_KINDS` with its planner. Whatever
    differs between kinds is asked of these members, never by a kind's name.

    Attributes:
        treated: stage of the runs that the treatments are applied to.
        learns_together: whether one model is fine-tuned on several languages at once, so that its
            scores have no single source language.
        always_measured: measurements on request that every study of the kind makes.
        mixtures: sets of languages that one model learns together; the first of each is the pivot.
        tasks: what is fine-tuned and tested; `{task: pos, test: pos.pud}` trains on one set and
            tests on another.
        largest_overlap: share of the texts of a split that may also stand in another split, or
            under another language, before the data are refused.
        samples: share of the training text of languages that are samples of others, such as
            `fr-x-low: 0.03`; their tests are those of the whole language.
        seeds: a list, or `{first: 3, most: 9}`: further seeds are run in stages for comparisons
            that are open.
        choice_seed: seed that settings are chosen on by dev loss; the first one if not given.
        match: how the monolingual runs' budget is matched; a verdict that flips is pointed out.
        trim: leave the tokens that the study's data do not need out of its checkpoint.
        scored_on: split of the data that every score comes from. A search for a setting takes
            "dev", so that its choice has seen no test data.
        reference: paper whose numbers the report shows beside the study's own.
        treat: the kind of study: which training the treatments are applied to.
        zero_shot_to: languages that a study of fine-tuning pretrains on and tests, and never
            fine-tunes on.
        pseudo_tasks: groups of one language's examples that such a study fine-tunes on in place of
            languages; all others are tested zero-shot.
        translations: where the translations come from that some treatments learn from or are
            tested with; then every treatment learns the labelled examples of one language.
        measurements: further measurements that are made of the runs, by name; those that every
            study makes need no mention. `isogloss list measurements` shows them all.
    """

    treated: ClassVar[Literal["pretrain", "finetune"]]
    learns_together: ClassVar[bool]
    always_measured: ClassVar[tuple[str, ...]]

    name: str = Field(min_length=1)
    question: str = ""
    mixtures: tuple[Annotated[tuple[Code, ...], Field(min_length=1)], ...] = Field(min_length=1)
    treatments: tuple[TreatmentEntry, ...] = Field(
        default_factory=lambda: (
            TreatmentEntry(name="monolingual"),
            TreatmentEntry(name="untreated"),
        )
    )
    tasks: tuple[Task, ...] = ()
    largest_overlap: float = Field(default=LARGEST_OVERLAP, gt=0, le=1)
    samples: dict[Code, Annotated[float, Field(gt=0, lt=1)]] = Field(default_factory=dict)
    seeds: Seeds = (0, 1, 2)
    choice_seed: int | None = Field(default=None, ge=0)
    match: tuple[Literal["language", "total"], ...] = Field(
        default=("language", "total"), min_length=1
    )
    model: str = "tiny"
    trim: bool = False
    precision: Literal["auto", "bf16", "fp32"] = "auto"
    tokenizer: TokenizerSettings = TokenizerSettings()
    pretraining: PretrainingSettings = PretrainingSettings()
    finetuning: FinetuningSettings = FinetuningSettings()
    statistics: StatisticsSettings = StatisticsSettings()
    logging: LoggingSettings = LoggingSettings()
    scored_on: Literal["test", "dev"] = "test"
    reference: str | None = None
    treat: str = "pretraining"
    zero_shot_to: tuple[Code, ...] = ()
    pseudo_tasks: PseudoTasks | None = None
    translations: TranslationSettings | None = None
    measurements: tuple[str, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _defaults_of_start(cls, content: object) -> object:
        """Fill what is left open by the kind of start, so that the resolved spec says it."""
        if not isinstance(content, dict):
            return content
        given = cast("dict[str, Any]", content)
        if given.get("model", cls.model_fields["model"].default) in PRESETS:
            return given
        return given | {
            name: _filled(given.get(name, {}), defaults) for name, defaults in OF_CHECKPOINT.items()
        }

    @field_validator("name")
    @classmethod
    def _is_harmless(cls, name: str) -> str:
        return harmless(name)

    @field_validator("mixtures")
    @classmethod
    def _distinct(
        cls, mixtures: tuple[tuple[Language, ...], ...]
    ) -> tuple[tuple[Language, ...], ...]:
        for mixture in mixtures:
            if len(set(mixture)) != len(mixture):
                raise refused(
                    "each language once in a mixture",
                    " + ".join(map(str, mixture)),
                    "Remove the repeated language (aliases count as the same).",
                )
            if len(mixture) < 2:
                raise refused(
                    "two languages or more in a mixture: interference is between languages",
                    ", ".join(map(str, mixture)) or "none",
                    "Add a language, for example [[en, sw]].",
                )
        return mixtures

    @field_validator("mixtures", "tasks", "seeds", "match", "zero_shot_to")
    @classmethod
    def _nothing_twice(
        cls, values: tuple[Any, ...] | SeedsUntilDecided, info: ValidationInfo
    ) -> tuple[Any, ...] | SeedsUntilDecided:
        if isinstance(values, SeedsUntilDecided):
            return values
        twice = next((one for i, one in enumerate(values) if one in values[:i]), None)
        if twice is not None:
            name = " + ".join(map(str, twice)) if isinstance(twice, tuple) else str(twice)
            raise refused(
                f"each of the {info.field_name} once",
                f"`{name}` twice: the same run twice is not more evidence",
                "Remove the repeated one.",
            )
        return values

    @field_validator("reference")
    @classmethod
    def _known_reference(cls, reference: str | None) -> str | None:
        return None if reference is None else look_up(REFERENCES, reference, "reference").name

    @field_validator("treatments")
    @classmethod
    def _controls(cls, treatments: tuple[TreatmentEntry, ...]) -> tuple[TreatmentEntry, ...]:
        labels = [entry.label for entry in treatments]
        if len(set(labels)) != len(labels):
            raise refused(
                "each treatment once, or with a label of its own",
                f"a treatment twice: {', '.join(labels)}",
                "Give one of them a `label`, or make two studies and `isogloss compare` them.",
            )
        for control in CONTROLS:
            if control not in labels:
                raise refused(
                    f"`{control}` among the treatments, for the others to be compared with",
                    f"{', '.join(labels) or 'none'}: `{control}` is missing",
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
    def _samples_have_shares(self) -> "StudySpec":
        used = {language for language in self.languages if language.variant}
        if used != set(self.samples):
            raise refused(
                "a share under `samples` for every variant in the mixtures, and for no other",
                f"variants {', '.join(sorted(map(str, used))) or 'none'}, shares for "
                f"{', '.join(sorted(map(str, self.samples))) or 'none'}",
                "Write for example `samples: {fr-x-low: 0.03}`.",
            )
        return self

    @model_validator(mode="after")
    def _fits(self) -> "StudySpec":
        refuse_unfit_tasks(self)
        self.refuse_unfit()
        refuse_unfit_measurements(self)
        refuse_unfit_translations(self)
        refuse_unfit_head(self)
        refuse_unfit_trim(self)
        refuse_unread(self)
        return self

    @abstractmethod
    def refuse_unfit(self) -> None:
        """Refuse what makes no sense for the training that a study of this kind treats.

        Raises:
            InputError: keys or values that contradict the kind.
        """

    @abstractmethod
    def unread(self) -> Iterator[Unread]:
        """Yield the settings that no run of this study reads because of its kind, and why."""

    @abstractmethod
    def budgets(self) -> str:
        """Return what was trained on what, and how much: the part of the methods paragraph."""

    @abstractmethod
    def tests(self) -> str:
        """Return what was fine-tuned and tested: the next part of that paragraph."""

    @property
    def asked_measurements(self) -> frozenset[str]:
        """Measurements on request that the study makes: its own, and those of its kind."""
        return frozenset((*self.always_measured, *self.measurements))

    @property
    def has_checkpoint(self) -> bool:
        """Whether the models start from weights that somebody has trained."""
        return self.model not in PRESETS

    @property
    def every_seed(self) -> tuple[int, ...]:
        """The seeds of all trainings that the study may make."""
        return self.seeds if isinstance(self.seeds, tuple) else tuple(range(self.seeds.most))

    @property
    def seed_of_choices(self) -> int:
        """The seed that settings are chosen on; another than `seeds` keeps the choice apart."""
        return self.every_seed[0] if self.choice_seed is None else self.choice_seed

    @property
    def first_seeds(self) -> tuple[int, ...]:
        """The seeds that are trained whatever comes out; all of them where there is one stage."""
        return self.seeds if isinstance(self.seeds, tuple) else tuple(range(self.seeds.first))

    @property
    def languages(self) -> tuple[Language, ...]:
        """All languages of the study, in the order of first mention."""
        learned = (language for mixture in self.mixtures for language in mixture)
        return tuple(dict.fromkeys((*learned, *self.zero_shot_to)))


def _filled(section: object, defaults: Mapping[str, float]) -> object:
    """Return a section of a study with the defaults of its start where it says nothing."""
    if isinstance(section, dict):
        return {**defaults, **cast("dict[str, Any]", section)}
    if isinstance(section, Strict):
        said = section.model_fields_set
        open_ = {key: value for key, value in defaults.items() if key not in said}
        return section.model_copy(update=open_)
    return section
