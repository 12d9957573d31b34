"""Batches of one language each, drawn from samplers of one language each."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, final

import numpy as np
from numpy.typing import NDArray

from isogloss.core import Language
from isogloss.data.batches import Batch, Sampler
from isogloss.data.samplers.language_order import LanguageOrder

if TYPE_CHECKING:
    pass


@final
class SingleLanguageSampler:
    """Every batch holds one language: the next batch of that language's own sampler.

    The n-th batch of a language is batch n of a training on that language alone, so each language
    keeps its own stream of rows, whichever languages come between.

    Args:
        samplers: for each language with training data, a sampler of that language alone.
        sizes: amount of data of each of these languages, > 0.
        exponent: batches are shared in proportion to size ** exponent; see `LanguageOrder`.
        block: batches whose order is drawn together.
        seed: of the order.
        languages: the model's languages, in the order of `Batch.language`; those without a sampler
            get no rows (zero-shot).
        grouped: the batches of a language stand together in the block.

    Raises:
        ValueError: a sampler of a language that is not among `languages`.
        InputError: sizes, exponent or block that `LanguageOrder` refuses.
    """

    def __init__(
        self,
        samplers: Mapping[Language, Sampler],
        sizes: Mapping[Language, float],
        *,
        exponent: float,
        block: int,
        seed: int,
        languages: Sequence[Language],
        grouped: bool = False,
    ) -> None:
        self._languages = tuple(languages)
        self._samplers = tuple(samplers.values())
        self._indices = [self._languages.index(language) for language in samplers]
        sizes = {language: sizes[language] for language in samplers}
        self._order = LanguageOrder(sizes, exponent, block=block, seed=seed, grouped=grouped)

    @property
    def languages(self) -> tuple[Language, ...]:
        """Languages in the order of `Batch.language`."""
        return self._languages

    def batch(self, update: int) -> Batch:
        """Return the batch of one update.

        Args:
            update: number of the update, from 0.
        """
        import torch

        chosen = self._order.language(update)
        n_before = int(self._order.counts(update)[chosen])
        batch = self._samplers[chosen].batch(n_before)
        language = torch.full_like(batch.language, self._indices[chosen])
        return dataclasses.replace(batch, language=language)

    def rows_per_language(self, n_updates: int) -> NDArray[np.int64]:
        """Return how many rows of each language the first `n_updates` updates hold.

        Args:
            n_updates: number of updates.

        Returns:
            Exact counts, shape [languages].
        """
        rows = np.zeros(len(self._languages), dtype=np.int64)
        for index, sampler, n_batches in self._drawn(n_updates):
            rows[index] = sampler.rows_per_language(n_batches)[0]
        return rows

    def epochs_per_language(self, n_updates: int) -> NDArray[np.float64]:
        """Return how often the first `n_updates` updates read each language's data, [languages]."""
        epochs = np.zeros(len(self._languages))
        for index, sampler, n_batches in self._drawn(n_updates):
            epochs[index] = sampler.epochs_per_language(n_batches)[0]
        return epochs

    def _drawn(self, n_updates: int) -> Iterator[tuple[int, Sampler, int]]:
        """Yield the index, the sampler and the number of batches of each language."""
        counts = self._order.counts(n_updates).tolist()
        return zip(self._indices, self._samplers, counts, strict=True)
