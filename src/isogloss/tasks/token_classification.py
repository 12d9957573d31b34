"""One class for each word: named entities, parts of speech."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from isogloss.core import Language
from isogloss.data import (
    DataSource,
    EncodedExample,
    EncodedExamples,
    TaggedSentence,
    Tokenizer,
    encode_tagged,
)
from isogloss.training import TokenClassificationObjective

if TYPE_CHECKING:
    from torch import nn

    from isogloss.evaluation import Cell, LabelledTest, LanguageIndex, PredictionTable
    from isogloss.models import MultilingualModel

# Metrics that the same tags are scored by besides the first one of their task.
_BESIDE: Final = {"pos_f1": ("pos_accuracy",)}


@dataclass(frozen=True)
class TokenClassificationForm:
    """Words are tagged by their first sub-word; see `TaskForm` for the methods."""

    one_row: ClassVar[bool] = True
    may_lack_labels: ClassVar[bool] = True

    def read(
        self, source: DataSource, kind: str, language: Language, split: str
    ) -> Sequence[TaggedSentence]:
        """Return tagged sentences."""
        return source.tagged(kind, language, split)

    def labels(self, example: TaggedSentence) -> Sequence[str]:
        """Return the tags of a sentence."""
        return example.tags

    def text(self, example: TaggedSentence) -> str:
        """Return the words of a sentence."""
        return " ".join(example.tokens)

    def encode(
        self,
        examples: Sequence[TaggedSentence],
        labels: Sequence[str],
        tokenizer: Tokenizer,
        length: int,
    ) -> EncodedExamples:
        """Return one row per sentence."""
        return encode_tagged(examples, labels, tokenizer, length)

    def head(self, model: MultilingualModel, labels: Sequence[str], seed: int) -> nn.Module:
        """Return the model with logits of a class for every token."""
        from isogloss.models import TokenClassifier

        return TokenClassifier(model, len(labels), seed=seed)

    def objective(self) -> TokenClassificationObjective:
        """Return the cross-entropy at the first sub-word of every word."""
        return TokenClassificationObjective()

    def evaluate(
        self,
        classifier: nn.Module,
        examples: Sequence[TaggedSentence],
        test: LabelledTest,
        language_index: LanguageIndex,
        cell: Cell,
    ) -> list[PredictionTable]:
        """Return the tags of test sentences, scored by each metric of the task."""
        from isogloss.evaluation import evaluate_tagging, scored_again

        table = evaluate_tagging(classifier, examples, test, language_index, cell=cell)
        others = _BESIDE.get(cell.metric, ())
        return [table, *(scored_again(table, examples, metric) for metric in others)]

    def dev_loss(
        self,
        classifier: nn.Module,
        rows: Sequence[EncodedExample],
        pad_id: int,
        language_index: int,
    ) -> float:
        """Return the mean cross-entropy of a word."""
        from isogloss.evaluation import labelled_nats

        return labelled_nats(classifier, rows, pad_id, language_index)
