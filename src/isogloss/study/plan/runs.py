"""Runs: what one training is, addressed by its content, and the graph they form."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from isogloss.core import SEVERAL, Language
from isogloss.training import TrainingPlan, content_hash

# Raise when a change of the code makes old runs no longer what their address says.
FORMAT = 7

Translations = tuple[Language, Language, str]
"""Two languages and the split of their parallel text."""


@dataclass(frozen=True)
class Run:
    """One unit of work with one seed, and all that its result depends on.

    A pretraining and the scores of its model are two runs: whoever exchanges test data, or searches
    on dev data first, scores again and trains nothing again. A fine-tuning is short and keeps no
    encoder, so its scores are its own.

    Attributes:
        stage: "start" (a checkpoint is measured, and its head trained alone), "pretrain", "score"
            (of a pretrained model) or "finetune".
        plan: of the training; of a score, that of the model.
        model: preset, folder or hub name that a pretraining starts from.
        material: content hashes of the data and the tokenizer.
        task: name of the task, "masked_lm" for pretraining and its scores.
        source_language: fine-tuned on it; `SEVERAL` = on all languages of the plan; None for
            pretraining.
        targets: languages that the model is tested on; none for pretraining.
        starts_from: address of the run whose model is trained on, fine-tuned or scored.
        language_modules: "frozen" or "tuned" while fine-tuning.
        route: whose modules a test runs through, the "target" language's or the "source"'s.
        measures: names of the measurements that are made with the run.
        translations: pairs of languages, each with a split of the data, whose retrieval tells
            whether a training or fine-tuning from a checkpoint has destroyed it.
        masked_lm: whether losses of masked language modelling are measured: not those of a head
            that nobody has trained.
        groups: pseudo-tasks that the source language's examples are divided into; 0 = none.
        scored_on: split that its scores come from, "test" or "dev".
        provider: settings of the provider of translations, for a fine-tuning whose treatment may
            read some; empty = there are none.
        conflict: updates between two measurements of the languages' gradients; 0 = none.
    """

    stage: Literal["start", "pretrain", "score", "finetune"]
    plan: TrainingPlan
    model: str
    material: dict[str, str]
    task: str
    targets: tuple[Language, ...]
    source_language: Language | None = None
    starts_from: str | None = None
    language_modules: str = "frozen"
    route: str = "target"
    max_examples: int | None = None
    dev_points: int = 8
    measures: tuple[str, ...] = ()
    translations: tuple[Translations, ...] = ()
    masked_lm: bool = True
    groups: int = 0
    scored_on: str = "test"
    provider: Mapping[str, Any] = field(default_factory=dict)
    checkpoint_seconds: float = field(default=60.0, compare=False)
    tensorboard: bool = field(default=False, compare=False)
    conflict: int = field(default=0, compare=False)

    def describe(self) -> dict[str, Any]:
        """Return everything that the run's result depends on, as plain data."""
        return {
            "format": FORMAT,
            "stage": self.stage,
            "plan": self.plan.describe(),
            "model": self.model,
            "material": self.material,
            "task": self.task,
            "targets": [str(language) for language in self.targets],
            "source_language": str(self.source_language) if self.source_language else None,
            "starts_from": self.starts_from,
            "language_modules": self.language_modules,
            "max_examples": self.max_examples,
            **({"groups": self.groups} if self.groups else {}),
            **({"translations": _in_words(self.translations)} if self.translations else {}),
            **({} if self.masked_lm else {"masked_lm": False}),
            **({"measures": list(self.measures)} if self.measures else {}),
            **({} if self.route == "target" else {"route": self.route}),
            **({"provider": dict(self.provider)} if self.provider else {}),
            **({} if self.scored_on == "test" else {"scored_on": self.scored_on}),
        }

    @property
    def updates(self) -> int:
        """Updates that it makes itself; none where it scores the model of another run."""
        return 0 if self.stage == "score" else self.plan.updates

    @property
    def size(self) -> int:
        """How much work it is, to start the longest first."""
        return self.updates * self.plan.rows * (self.stage == "pretrain")

    @property
    def is_joint(self) -> bool:
        """Whether a fine-tuning is on several languages, or groups, together."""
        return self.source_language == SEVERAL or self.groups > 0

    @property
    def learned(self) -> tuple[Language, ...]:
        """Languages that it is trained on: all of the plan, or the one that is its source."""
        several = self.source_language in (None, SEVERAL)
        return self.plan.languages if several else (self.source_language,)  # type: ignore[return-value]

    # Asked for at every turn of a plan, and each time the same.
    @cached_property
    def spec_hash(self) -> str:
        """Content hash of the description."""
        return content_hash(self.describe())

    @property
    def run_id(self) -> str:
        """Readable and unique: stage, task, languages, seed and the head of the content hash."""
        languages = "+".join(language.code for language in self.plan.languages)
        task = f"-{self.task}-{self.source_language}" if self.stage == "finetune" else ""
        return f"{self.stage}-{languages}{task}-s{self.plan.seed}-{self.spec_hash[:10]}"


def _in_words(pairs: tuple[Translations, ...]) -> list[list[str]]:
    return [list(map(str, pair)) for pair in pairs]


@dataclass(frozen=True)
class Role:
    """What a run stands for in the study; one run may play several roles.

    Attributes:
        treatment: its label.
        mixture: the joint mixture it is compared within.
        learned: the languages its model learned: the mixture, or one of it when monolingual.
        match: of a monolingual run, "" for joint ones.
        run_id: of the run that has the scores.
        stage: "pretrain" or "finetune".
        task: name.
        seed: of the run.
        source_language: fine-tuned on it; None for pretraining.
        options: of the treatment.
        n_candidates: how many settings the options were chosen from by dev score.
    """

    treatment: str
    mixture: tuple[Language, ...]
    learned: tuple[Language, ...]
    match: str
    run_id: str
    stage: str
    task: str
    seed: int
    source_language: Language | None
    options: dict[str, Any] = field(default_factory=dict)
    n_candidates: int = 1

    @property
    def mixture_name(self) -> str:
        """Languages of the mixture joined by "+"."""
        return "+".join(map(str, self.mixture))

    @property
    def learned_name(self) -> str:
        """Languages that the model learned, joined by "+"."""
        return "+".join(map(str, self.learned))


Mixture = tuple[Language, ...]

Choice = tuple[str, Mixture, str]
"""Label of a treatment, mixture and task ("masked_lm" for pretraining) that a setting is for."""


@dataclass
class StudyPlan:
    """The runs of a study and what they stand for.

    Attributes:
        runs: by run id; a run that several roles need is there once.
        roles: what the runs stand for.
        open_choices: run ids of the candidates, where a setting is still to be chosen by dev score
            before the rest can be planned.
        notes: what a reader should know, such as a task without data for a language.
        warnings: what makes results doubtful before anything is trained.
        treated: stage of the runs that the treatments are applied to.
    """

    runs: dict[str, Run] = field(default_factory=dict)
    roles: list[Role] = field(default_factory=list)
    open_choices: dict[Choice, list[str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    treated: Literal["pretrain", "finetune"] = "pretrain"

    def add(self, run: Run) -> str:
        """Take in a run; return its id."""
        return self.runs.setdefault(run.run_id, run).run_id
