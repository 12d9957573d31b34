"""Masked language modelling with dynamic masks (Devlin et al. 2019), logits at masked positions."""

import hashlib
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from isogloss.data import Batch, Tokenizer
from isogloss.models import MultilingualModel
from isogloss.objectives.contract import LanguageLosses, Targets, sum_by_language


@dataclass(frozen=True)
class MaskedLM:
    """Predict masked tokens; what only these positions need is done at these only.

    That is the projection onto the vocabulary, and before it the last layer from its attention on.

    Every token that is not a special one becomes a target with probability `rate`. Of the targets,
    80 % are replaced by the mask, 10 % by a random token and 10 % are left. Masks are drawn anew at
    every update from a generator seeded by (seed, update), for the global batch: a resumed run and
    a run on several processes see the same masks.

    Args:
        rate: share of tokens to predict, in (0, 1).
        tokenizer: gives the vocabulary and the special tokens.
        n_languages: L.
        seed: of the run.

    Reference:
        Devlin, Chang, Lee, Toutanova. BERT: Pre-training of Deep Bidirectional Transformers for
        Language Understanding. 2019. https://arxiv.org/abs/1810.04805
    """

    rate: float
    tokenizer: Tokenizer
    n_languages: int
    seed: int

    def prepare(self, batch: Batch, update: int) -> Targets:
        """Draw the masks of one update; see `Objective.prepare`."""
        generator = _generator(self.seed, update)
        ids = batch.input_ids
        special = torch.isin(ids, torch.tensor(self.tokenizer.special_ids))
        chosen = (torch.rand(ids.shape, generator=generator) < self.rate) & ~special
        if not bool(chosen.any()):
            chosen.view(-1)[int((~special).view(-1).int().argmax())] = True
        row, column = chosen.nonzero(as_tuple=True)
        labels = ids[row, column]
        corrupted = ids.clone()
        corrupted[row, column] = self._replace(labels, generator)
        masked = Batch(corrupted, batch.attention_mask, batch.language, None)
        return Targets.of(masked, row, column, labels, self.n_languages)

    def _replace(self, labels: Tensor, generator: torch.Generator) -> Tensor:
        """Return what stands at the targets: mask, random token or the token itself."""
        fate = torch.rand(labels.shape, generator=generator)
        random = torch.randint(0, self.tokenizer.vocabulary_size, labels.shape, generator=generator)
        kept_or_random = torch.where(fate < 0.9, random, labels)
        return torch.where(
            fate < 0.8, torch.full_like(labels, self.tokenizer.mask_id), kept_or_random
        )

    def losses(self, model: nn.Module, targets: Targets) -> LanguageLosses:
        """Sum the cross-entropy of the masked tokens of each language."""
        assert isinstance(model, MultilingualModel)
        batch = targets.batch
        places = targets.positions(batch.input_ids.shape[1])
        logits = model(
            batch.input_ids, batch.attention_mask, batch.routing, places, targets.routing
        )
        return sum_by_language(logits, targets)


def _generator(seed: int, update: int) -> torch.Generator:
    """Seed by a digest: torch keeps the lower 32 bits of a seed only, on the CPU."""
    digest = hashlib.sha256(f"masks\n{seed}\n{update}".encode()).digest()
    return torch.Generator().manual_seed(int.from_bytes(digest[:4], "little"))
