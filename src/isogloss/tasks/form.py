"""What a form of task is: how its examples are read, encoded, learned and scored."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Protocol, TypeVar

from isogloss.core import Language
from isogloss.data import DataSource, EncodedExample, EncodedExamples, Tokenizer
from isogloss.training import ObjectiveSpec

if TYPE_CHECKING:
    from torch import nn

    from isogloss.evaluation import Cell, LabelledTest, LanguageIndex, PredictionTable
    from isogloss.models import MultilingualModel

Example = TypeVar("Example")


class TaskForm(Protocol[Example]):
    """Everything that a study asks of a supervised task.

    A form holds no state; what it needs is passed. Methods that compute import torch when they are
    called, so that planning does without it.

    Attributes:
        one_row: whether each example is one row; where not, rows are counted by encoding them.
        may_lack_labels: whether a few scored labels may be absent from training data, as rare tags
            of words may.
    """

    one_row: ClassVar[bool]
    may_lack_labels: ClassVar[bool]

    def read(
        self, source: DataSource, kind: str, language: Language, split: str
    ) -> Sequence[Example]:
        """Return the examples of a kind of data, a language and a split."""
        ...

    def labels(self, example: Example) -> Sequence[str]:
        """Return the names of classes that an example holds; none where there are no classes."""
        ...

    def text(self, example: Example) -> str:
        """Return what an example is about, by which similar examples are found."""
        ...

    def encode(
        self, examples: Sequence[Example], labels: Sequence[str], tokenizer: Tokenizer, length: int
    ) -> EncodedExamples:
        """Return the rows that are trained on, none of them longer than `length`."""
        ...

    def head(self, model: MultilingualModel, labels: Sequence[str], seed: int) -> nn.Module:
        """Return the model with a new head; its initial values follow from the seed."""
        ...

    def objective(self) -> ObjectiveSpec:
        """Return the loss, as a part of a training plan."""
        ...

    def evaluate(
        self,
        classifier: nn.Module,
        examples: Sequence[Example],
        test: LabelledTest,
        language_index: LanguageIndex,
        cell: Cell,
    ) -> list[PredictionTable]:
        """Return predictions and counts of test examples, one table for each metric of the task.

        Args:
            classifier: made by `head`; left as it was.
            examples: with gold answers.
            test: how they are encoded and batched.
            language_index: which language's modules the rows run through, or those of each example.
            cell: what the numbers are called; its metric is the task's first.
        """
        ...

    def dev_loss(
        self,
        classifier: nn.Module,
        rows: Sequence[EncodedExample],
        pad_id: int,
        language_index: int,
    ) -> float:
        """Return the mean loss per target of encoded examples, in nats."""
        ...
