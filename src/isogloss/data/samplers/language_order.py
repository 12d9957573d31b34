"""Which language each single-language batch holds: exact shares, in an order drawn by lot."""

import hashlib
from collections.abc import Mapping
from typing import final

import numpy as np
from numpy.typing import NDArray

from isogloss.core import InputError, Language
from isogloss.data.samplers.language_quota import LanguageQuota


@final
class LanguageOrder:
    """A language for each batch: blocks hold exact shares, their order is drawn by lot.

    Batches b * block to (b + 1) * block - 1 are divided among the languages by `LanguageQuota`, and
    every order of them is equally likely. Drawing each batch's language for itself (a categorical
    distribution) would give a language sqrt(n p (1 - p)) batches more or less than its share, a
    budget that differs from run to run; a fixed order would let one language always follow another.

    Args:
        sizes: amount of data of each language, > 0.
        exponent: batches are shared in proportion to size ** exponent.
        block: batches that are divided and put in order together, >= 1.
        seed: of the order.
        grouped: the batches of a language stand together; the order of the languages is drawn.

    Raises:
        InputError: a block below 1, or sizes or exponent that `LanguageQuota` refuses.

    Example:
        >>> sizes = {Language.parse("en"): 3, Language.parse("sw"): 1}
        >>> order = LanguageOrder(sizes, 1.0, block=8, seed=0)
        >>> order.counts(8).tolist(), sorted(order.language(update) for update in range(8))
        ([6, 2], [0, 0, 0, 0, 0, 0, 1, 1])
    """

    def __init__(
        self,
        sizes: Mapping[Language, float],
        exponent: float,
        *,
        block: int,
        seed: int,
        grouped: bool = False,
    ) -> None:
        if block < 1:
            raise InputError(
                expected="a block of at least 1 batch",
                found=f"{block}",
                where="order of single-language batches",
                next_step="Use the number of inner steps, or of languages.",
            )
        self._quota = LanguageQuota(sizes, exponent)
        self._block, self._seed, self._grouped = block, seed, grouped
        self._kept: tuple[int, NDArray[np.int64]] = (-1, np.empty(0, dtype=np.int64))

    def language(self, update: int) -> int:
        """Return the index of the language of one batch.

        Args:
            update: number of the batch, from 0.
        """
        number, place = divmod(update, self._block)
        return int(self._ordered(number)[place])

    def counts(self, n_updates: int) -> NDArray[np.int64]:
        """Return how many of the first `n_updates` batches each language has.

        Args:
            n_updates: number of batches.

        Returns:
            Counts, shape [languages].
        """
        number, place = divmod(n_updates, self._block)
        counts = self._quota.counts(number * self._block)
        if place:
            counts += np.bincount(self._ordered(number)[:place], minlength=len(counts))
        return counts

    def _ordered(self, number: int) -> NDArray[np.int64]:
        """Return the languages of one block in their order; only the last block is kept."""
        if self._kept[0] != number:
            first, last = number * self._block, (number + 1) * self._block
            counts = self._quota.counts(last) - self._quota.counts(first)
            rng = _generator(self._seed, number)
            if self._grouped:
                languages = rng.permutation(len(counts))
                self._kept = (number, np.repeat(languages, counts[languages]))
            else:
                self._kept = (number, rng.permutation(np.repeat(np.arange(len(counts)), counts)))
        return self._kept[1]


def _generator(seed: int, number: int) -> np.random.Generator:
    digest = hashlib.sha256(f"order\n{seed}\n{number}".encode()).digest()
    return np.random.Generator(np.random.Philox(key=int.from_bytes(digest[:16], "little")))
