"""The place of the answer to a question: its first and its last token among a row's positions."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from isogloss.data import Batch
from isogloss.objectives.contract import LanguageLosses, Targets, sum_by_language


@dataclass(frozen=True)
class ExtractiveQA:
    """Cross-entropy of the first and of the last position, the mean of both.

    Each row has two targets; their classes are the row's positions. A row that does not hold the
    answer points to its first position.

    Args:
        n_languages: L.

    Reference:
        Devlin et al. 2019, BERT, https://arxiv.org/abs/1810.04805, section 4.2.
    """

    n_languages: int

    def prepare(self, batch: Batch, update: int) -> Targets:
        """Make the first and the last position of every row's answer two targets."""
        assert batch.labels is not None
        row = torch.arange(batch.language.shape[0]).repeat_interleave(2)
        column = torch.arange(2).repeat(batch.language.shape[0])
        return Targets.of(batch, row, column, batch.labels.flatten(), self.n_languages)

    def losses(self, model: nn.Module, targets: Targets) -> LanguageLosses:
        """Sum the cross-entropy of both positions of the rows of each language."""
        batch = targets.batch
        logits = model(batch.input_ids, batch.attention_mask, batch.routing)
        return sum_by_language(targets.pick(position_scores(logits, batch.attention_mask)), targets)


def position_scores(logits: Tensor, mask: Tensor | None) -> Tensor:
    """Return the scores of a row's positions as first and as last of the answer.

    Args:
        logits: shape [rows, length, 2].
        mask: 1 for a token and 0 for padding, shape [rows, length]; None where nothing is padded.

    Returns:
        Scores, shape [rows, 2, length]; no answer is in the padding.
    """
    scores = logits.transpose(1, 2)
    if mask is None:
        return scores
    return scores.masked_fill(mask[:, None] == 0, torch.finfo(scores.dtype).min)
