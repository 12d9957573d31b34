"""One class for each word (named entities, parts of speech), read at its first token."""

from dataclasses import dataclass

from torch import nn

from isogloss.data import Batch
from isogloss.objectives.contract import LanguageLosses, Targets, sum_by_language


@dataclass(frozen=True)
class TokenClassification:
    """Cross-entropy at the first token of every word; other tokens carry the label -100.

    Args:
        n_languages: L.
    """

    n_languages: int

    def prepare(self, batch: Batch, update: int) -> Targets:
        """Collect the labelled tokens of the batch."""
        assert batch.labels is not None
        row, column = (batch.labels != -100).nonzero(as_tuple=True)
        return Targets.of(batch, row, column, batch.labels[row, column], self.n_languages)

    def losses(self, model: nn.Module, targets: Targets) -> LanguageLosses:
        """Sum the cross-entropy of the words of each language."""
        batch = targets.batch
        places = targets.positions(batch.input_ids.shape[1])
        logits = model(
            batch.input_ids, batch.attention_mask, batch.routing, places, targets.routing
        )
        return sum_by_language(logits, targets)
