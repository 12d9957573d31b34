"""Translate-train: fine-tuning on the training examples translated into the other languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from isogloss.training import BuildContext, ObjectiveSpec, Reads, TrainingPlan
from isogloss.treatments.objectives.task_kind import kind_of

if TYPE_CHECKING:
    from torch import nn

    from isogloss.data import Batch
    from isogloss.objectives import LanguageLosses, Objective, Targets


@dataclass(frozen=True)
class TranslateTrain:
    """The plain loss, on the source's examples and on their translations into every language.

    `language` makes it one model for that language alone, on its translations only. Needs
    translations for training, none at inference.

    Classes are copied to the translations. Tags are not said by most translations: a teacher,
    fine-tuned on the source language first, says how likely each tag is, and the loss is the
    cross-entropy with that.

    Attributes:
        language: the only language trained on; None = all of the mixture, source included.
        labels: of translated sentences' tags: a "teacher" says them, or they are "given" with the
            translations (projected through an alignment of words, or annotated).
        teacher_temperature: of the teacher's softmax; below 1 it is sharper.

    Reference:
        Hu, Ruder, Siddhant, Neubig, Firat, Johnson. XTREME: A Massively Multilingual Multi-task
        Benchmark for Evaluating Cross-lingual Generalisation. ICML 2020, section 4.
        https://arxiv.org/abs/2003.11080

        @inproceedings{hu-etal-2020-xtreme,
          title = {{XTREME}: A Massively Multilingual Multi-task Benchmark for Evaluating
                   Cross-lingual Generalisation},
          author = {Hu, Junjie and Ruder, Sebastian and Siddhant, Aditya and Neubig, Graham and
                    Firat, Orhan and Johnson, Melvin},
          booktitle = {Proceedings of ICML},
          year = {2020}
        }
    """

    name: ClassVar[str] = "translate_train"
    parts: ClassVar[tuple[str, ...]] = ("objective",)
    separate: ClassVar[bool] = False
    translations: ClassVar[tuple[str, ...]] = ("training",)
    claim: ClassVar[str] = "The loss is the task's own, on rows of every language."

    language: str | None = None
    labels: Literal["teacher", "given"] = "teacher"
    teacher_temperature: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 1.0

    def apply(self, plan: TrainingPlan) -> TrainingPlan:
        """Return the plan with translated examples under its loss.

        Raises:
            InputError: the plan is of no task.
        """
        plan.refuse_claimed(self.name, self.parts)
        kind = kind_of(plan.objective, self.name)
        is_taught = kind == "tagging" and self.labels == "teacher"
        objective = TranslatedObjective(
            plan.objective, self.language or "all", is_taught, self.teacher_temperature
        )
        return plan.replace_parts(self.name, objective=objective)

    def candidates(self) -> tuple[TranslateTrain, ...]:
        """Return itself."""
        return (self,)


@dataclass(frozen=True)
class TranslatedObjective:
    """Names a task's loss on translated examples.

    Attributes:
        task: the plain loss.
        languages: "all", or the only one that is trained on.
        is_taught: tags of translations are what a teacher says.
        teacher_temperature: of its softmax.
    """

    task: ObjectiveSpec
    languages: str
    is_taught: bool
    teacher_temperature: float

    @property
    def reads(self) -> Reads:
        """Return whose translations are trained on."""
        return Reads(languages=self.languages)

    @property
    def passes(self) -> float:
        """One; with a teacher its forward and its training."""
        return 1.0 + (1 / 3 + 1.0) * self.is_taught

    @property
    def earlier(self) -> ObjectiveSpec | None:
        """Return the loss of the teacher, on the source language alone."""
        return self.task if self.is_taught else None

    def build(self, context: BuildContext) -> Objective:
        """Return the objective of a run."""
        plain = self.task.build(context)
        return RunningTaught(self, context) if self.is_taught else plain

    def equip(self, classifier: nn.Module) -> None:
        """Add nothing."""

    def predictor(self, classifier: nn.Module) -> nn.Module:
        """Return the classifier."""
        return classifier


class RunningTaught:
    """The cross-entropy of words with their own tags, or with what a teacher says of them."""

    def __init__(self, spec: TranslatedObjective, context: BuildContext) -> None:
        self._spec, self._n_languages = spec, len(context.languages)
        self._teacher = context.teacher

    def prepare(self, batch: Batch, update: int) -> Targets:
        """Make every row a target."""
        from isogloss.treatments.objectives.kinds import every_row

        return every_row(batch, self._n_languages)

    def losses(self, model: nn.Module, targets: Targets) -> LanguageLosses:
        """Sum the loss of the rows of each language: gold tags where a row has them."""
        import torch

        from isogloss.treatments.objectives.kinds import TASK_KINDS, by_language, taught_losses

        assert self._teacher is not None
        view, kind = targets.batch, TASK_KINDS["tagging"]
        logits = model(view.input_ids, view.attention_mask, view.routing)
        soft = taught_losses(logits, view, self._teacher, self._spec.teacher_temperature)
        own = kind.losses(logits, view)
        return by_language(torch.where(kind.labelled(view), own, soft), targets)
