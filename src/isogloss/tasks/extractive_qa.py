"""The part of a paragraph that answers a question, in windows over the paragraph."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from isogloss.core import Language
from isogloss.data import (
    DataSource,
    EncodedExample,
    EncodedExamples,
    Question,
    Tokenizer,
    encode_questions,
)
from isogloss.training import BuildContext

if TYPE_CHECKING:
    from torch import nn

    from isogloss.evaluation import Cell, LabelledTest, LanguageIndex, PredictionTable
    from isogloss.models import MultilingualModel
    from isogloss.objectives import ExtractiveQA


@dataclass(frozen=True)
class ExtractiveQAObjective:
    """The first and the last position of an answer."""

    kind: ClassVar[str] = "qa"

    def build(self, context: BuildContext) -> ExtractiveQA:
        """Return the objective of a run."""
        from isogloss.objectives import ExtractiveQA

        return ExtractiveQA(len(context.languages))


@dataclass(frozen=True)
class ExtractiveQAForm:
    """An answer is its first and its last token; see `TaskForm` for the methods.

    Attributes:
        asks: whether the model reads the question, in training and in tests. Without it, it learns
            what can be known from the paragraph and from how answers look.
    """

    asks: bool = True
    one_row: ClassVar[bool] = False
    may_lack_labels: ClassVar[bool] = False

    def read(
        self, source: DataSource, kind: str, language: Language, split: str
    ) -> Sequence[Question]:
        """Return questions with their paragraphs."""
        questions = source.questions(kind, language, split)
        return questions if self.asks else [replace(one, question="") for one in questions]

    def labels(self, example: Question) -> Sequence[str]:
        """Return nothing: answers are places, not classes."""
        return ()

    def text(self, example: Question) -> str:
        """Return the question, or the paragraph where the question is not read."""
        return example.question if self.asks else example.context

    def encode(
        self,
        examples: Sequence[Question],
        labels: Sequence[str],
        tokenizer: Tokenizer,
        length: int,
    ) -> EncodedExamples:
        """Return one row per window of a paragraph."""
        return encode_questions(examples, tokenizer, length)

    def head(self, model: MultilingualModel, labels: Sequence[str], seed: int) -> nn.Module:
        """Return the model with two logits for every position: first and last of the answer."""
        from isogloss.models import TokenClassifier

        return TokenClassifier(model, 2, seed=seed)

    def objective(self) -> ExtractiveQAObjective:
        """Return the cross-entropy of the first and last position of the answer."""
        return ExtractiveQAObjective()

    def evaluate(
        self,
        classifier: nn.Module,
        examples: Sequence[Question],
        test: LabelledTest,
        language_index: LanguageIndex,
        cell: Cell,
    ) -> list[PredictionTable]:
        """Return the answers to test questions, scored by F1 and by equality."""
        from isogloss.evaluation import evaluate_questions

        return evaluate_questions(classifier, examples, test, language_index, cell=cell)

    def dev_loss(
        self,
        classifier: nn.Module,
        rows: Sequence[EncodedExample],
        pad_id: int,
        language_index: int,
    ) -> float:
        """Return the mean cross-entropy of a position."""
        from isogloss.evaluation import span_nats

        return span_nats(classifier, rows, pad_id, language_index)
