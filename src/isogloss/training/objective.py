"""The plain objectives of a plan, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from isogloss.training.plan import BuildContext

if TYPE_CHECKING:
    from isogloss.objectives import MaskedLM, SequenceClassification, TokenClassification


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

    def build(self, context: BuildContext) -> TokenClassification:
        """Return the objective of a run."""
        from isogloss.objectives import TokenClassification

        return TokenClassification(len(context.languages))


@dataclass(frozen=True)
class SequenceClassificationObjective:
    """A class for each text."""

    def build(self, context: BuildContext) -> SequenceClassification:
        """Return the objective of a run."""
        from isogloss.objectives import SequenceClassification

        return SequenceClassification(len(context.languages))
