"""The plain objectives of a plan, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal, Protocol, runtime_checkable

from isogloss.training.plan import BuildContext, ObjectiveSpec

if TYPE_CHECKING:
    from torch import nn

    from isogloss.objectives import (
        MaskedLM,
        Objective,
        SequenceClassification,
        TokenClassification,
    )


@dataclass(frozen=True)
class Altered:
    """Altered copies that lie beside each example, called `altered0`, `altered1`, ...

    Attributes:
        how: what is done to an example.
        copies: how many.
        rate: chance of each word.
    """

    how: Literal["code_switch", "translation"]
    copies: int
    rate: float


@dataclass(frozen=True)
class Reads:
    """Which translations an objective reads; a run lays them before it.

    Attributes:
        languages: that are trained on: the "source" alone, "all" of the plan by translation of the
            source's examples, or one language's code.
        beside: versions that lie beside each training example: its "source", and "back", its
            translation back.
        at_test: what a test example is read with: "" nothing, "beside" its translation into the
            source language, "itself" in that place, or "instead": the translation alone.
        altered: copies beside each training example.
    """

    languages: str = "source"
    beside: tuple[str, ...] = ()
    at_test: str = ""
    altered: Altered | None = None


@runtime_checkable
class PairedObjective(Protocol):
    """Names a loss of examples in two languages; what a run does for it besides `build`.

    Attributes:
        reads: which translations.
        passes: forward-backward passes over one batch of the plain loss (unit U).
        earlier: loss of the stage before, of which the frozen model is `BuildContext.teacher`;
            trained like this one, from the same weights. None = there is no stage before.
    """

    @property
    def reads(self) -> Reads:
        """See the attributes."""
        ...

    @property
    def passes(self) -> float:
        """See the attributes."""
        ...

    @property
    def earlier(self) -> ObjectiveSpec | None:
        """See the attributes."""
        ...

    def build(self, context: BuildContext) -> Objective:
        """Return the objective of a run."""
        ...

    def equip(self, classifier: nn.Module) -> None:
        """Add what the loss learns besides, before the optimizer is made.

        Raises:
            InputError: the encoder is not made for it.
        """
        ...

    def predictor(self, classifier: nn.Module) -> nn.Module:
        """Return the classifier as test examples are read.

        With `at_test` "beside" or "itself" a fourth argument of its `forward` is the batch that
        stands beside the rows.
        """
        ...


@dataclass(frozen=True)
class MaskedLMObjective:
    """Masked language modelling.

    Attributes:
        rate: share of tokens to predict.
    """

    rate: float = 0.3

    def build(self, context: BuildContext) -> MaskedLM:
        """Return the objective of a run."""
        from isogloss.objectives import MaskedLM

        return MaskedLM(self.rate, context.tokenizer, len(context.languages), context.seed)


@dataclass(frozen=True)
class TokenClassificationObjective:
    """A class for each word."""

    kind: ClassVar[str] = "tagging"

    def build(self, context: BuildContext) -> TokenClassification:
        """Return the objective of a run."""
        from isogloss.objectives import TokenClassification

        return TokenClassification(len(context.languages))


@dataclass(frozen=True)
class SequenceClassificationObjective:
    """A class for each text."""

    kind: ClassVar[str] = "classification"

    def build(self, context: BuildContext) -> SequenceClassification:
        """Return the objective of a run."""
        from isogloss.objectives import SequenceClassification

        return SequenceClassification(len(context.languages))
