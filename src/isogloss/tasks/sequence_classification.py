"""One class for each text or pair of texts: topics, natural language inference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from isogloss.core import Language
from isogloss.data import (
    ClassifiedText,
    DataSource,
    EncodedExample,
    EncodedExamples,
    Tokenizer,
    encode_classified,
)
from isogloss.training import SequenceClassificationObjective

if TYPE_CHECKING:
    from torch import nn

    from isogloss.evaluation import Cell, LabelledTest, LanguageIndex, PredictionTable
    from isogloss.models import MultilingualModel


@dataclass(frozen=True)
class SequenceClassificationForm:
    """A text is classified by its first position; see `TaskForm` for the methods."""

    one_row: ClassVar[bool] = True
    may_lack_labels: ClassVar[bool] = False

    def read(
        self, source: DataSource, kind: str, language: Language, split: str
    ) -> Sequence[ClassifiedText]:
        """Return labelled texts or pairs of texts."""
        return source.classified(kind, language, split)

    def labels(self, example: ClassifiedText) -> Sequence[str]:
        """Return the one label of a text."""
        return (example.label,)

    def text(self, example: ClassifiedText) -> str:
        """Return the text, and the second one of a pair."""
        return f"{example.text} {example.pair or ''}"

    def encode(
        self,
        examples: Sequence[ClassifiedText],
        labels: Sequence[str],
        tokenizer: Tokenizer,
        length: int,
    ) -> EncodedExamples:
        """Return one row per text or pair."""
        return encode_classified(examples, labels, tokenizer, length)

    def head(self, model: MultilingualModel, labels: Sequence[str], seed: int) -> nn.Module:
        """Return the model with logits of a class for every row."""
        from isogloss.models import SequenceClassifier

        return SequenceClassifier(model, len(labels), seed=seed)

    def objective(self) -> SequenceClassificationObjective:
        """Return the cross-entropy of the class of each row."""
        return SequenceClassificationObjective()

    def evaluate(
        self,
        classifier: nn.Module,
        examples: Sequence[ClassifiedText],
        test: LabelledTest,
        language_index: LanguageIndex,
        cell: Cell,
    ) -> list[PredictionTable]:
        """Return the labels of test texts."""
        from isogloss.evaluation import evaluate_classification

        return [evaluate_classification(classifier, examples, test, language_index, cell=cell)]

    def dev_loss(
        self,
        classifier: nn.Module,
        rows: Sequence[EncodedExample],
        pad_id: int,
        language_index: int,
    ) -> float:
        """Return the mean cross-entropy of a text."""
        from isogloss.evaluation import labelled_nats

        return labelled_nats(classifier, rows, pad_id, language_index)
