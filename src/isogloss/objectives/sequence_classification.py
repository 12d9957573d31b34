"""One class for each text or pair of texts (topics, natural language inference)."""

from dataclasses import dataclass

import torch
from torch import nn

from isogloss.data import Batch
from isogloss.objectives.contract import LanguageLosses, Targets, sum_by_language


@dataclass(frozen=True)
class SequenceClassification:
    """Cross-entropy of the class of each row.

    Args:
        n_languages: L.
    """

    n_languages: int

    def prepare(self, batch: Batch, update: int) -> Targets:
        """Make every row a target."""
        assert batch.labels is not None
        row = torch.arange(batch.language.shape[0])
        return Targets.of(batch, row, None, batch.labels, self.n_languages)

    def losses(self, model: nn.Module, targets: Targets) -> LanguageLosses:
        """Sum the cross-entropy of the rows of each language."""
        batch = targets.batch
        places = targets.positions(batch.input_ids.shape[1])
        logits = model(
            batch.input_ids, batch.attention_mask, batch.routing, places, targets.routing
        )
        return sum_by_language(logits, targets)
