"""Translate-test: the source language's model, asked about test examples in translation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from isogloss.core import InputError
from isogloss.training import BuildContext, ObjectiveSpec, Reads, TrainingPlan
from isogloss.treatments.objectives.task_kind import kind_of

if TYPE_CHECKING:
    from torch import nn

    from isogloss.objectives import Objective


@dataclass(frozen=True)
class TranslateTest:
    """Fine-tuning on the source language; tests on examples translated into it.

    Needs translations at inference, none for training. Classes only: the tags of translated words
    and the answer in a translated paragraph would have to be led back to the target text.

    Reference:
        Conneau, Rinott, Lample, Williams, Bowman, Schwenk, Stoyanov. XNLI: Evaluating Cross-lingual
        Sentence Representations. EMNLP 2018, section 4.1. https://arxiv.org/abs/1809.05053

        @inproceedings{conneau-etal-2018-xnli,
          title = {{XNLI}: Evaluating Cross-lingual Sentence Representations},
          author = {Conneau, Alexis and Rinott, Ruty and Lample, Guillaume and Williams, Adina and
                    Bowman, Samuel and Schwenk, Holger and Stoyanov, Veselin},
          booktitle = {Proceedings of EMNLP},
          year = {2018}
        }
    """

    name: ClassVar[str] = "translate_test"
    parts: ClassVar[tuple[str, ...]] = ("objective",)
    separate: ClassVar[bool] = False
    translations: ClassVar[tuple[str, ...]] = ("inference",)
    claim: ClassVar[str] = "It trains as fine-tuning on the source language does."

    def apply(self, plan: TrainingPlan) -> TrainingPlan:
        """Return the plan with its loss, and tests in translation.

        Raises:
            InputError: the plan is of no task, or of one whose answers stand in the text.
        """
        plan.refuse_claimed(self.name, self.parts)
        kind = kind_of(plan.objective, self.name)
        if kind != "classification":
            raise InputError(
                expected="a task of classes, which a translation keeps",
                found={"tagging": "tags of words", "qa": "answers in a paragraph"}[kind],
                where=f"treatments.{self.name}",
                next_step="Leave it out for this task: what is found in a translation cannot be "
                "scored against the text itself.",
            )
        objective = InTranslation(plan.objective)
        return plan.replace_parts(self.name, objective=objective)

    def candidates(self) -> tuple[TranslateTest, ...]:
        """Return itself."""
        return (self,)


@dataclass(frozen=True)
class InTranslation:
    """Names a task's loss, with tests on translations.

    Attributes:
        task: the plain loss.
    """

    task: ObjectiveSpec

    @property
    def reads(self) -> Reads:
        """Return that test examples are read in translation."""
        return Reads(at_test="instead")

    @property
    def passes(self) -> float:
        """One pass."""
        return 1.0

    @property
    def earlier(self) -> ObjectiveSpec | None:
        """Return nothing."""
        return None

    def build(self, context: BuildContext) -> Objective:
        """Return the plain objective of a run."""
        return self.task.build(context)

    def equip(self, classifier: nn.Module) -> None:
        """Add nothing."""

    def predictor(self, classifier: nn.Module) -> nn.Module:
        """Return the classifier."""
        return classifier
