"""Batches of running text for masked language modelling."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final, final

import numpy as np
from numpy.typing import NDArray

from isogloss.core import InputError, Language
from isogloss.data.batches import Batch
from isogloss.data.corpus_part import TextSource
from isogloss.data.samplers.language_quota import LanguageQuota

if TYPE_CHECKING:
    pass


DEFAULT_EXPONENT: Final = 0.7


@final
class TextSampler:
    """Rows of consecutive tokens, divided among languages by exact quotas.

    Row r of a language is window `permutation[r mod n]` of its n windows; the permutation follows
    from the seed, the language and the pass (r div n) alone. So a monolingual and a multilingual
    run with one seed read the same text of a language in the same order, whatever stands beside it.

    Args:
        corpora: encoded text of each language; their order is that of `Batch.language`.
        rows: rows of a batch, all processes together.
        length: positions of a row: cls and length - 1 tokens of text.
        exponent: languages are sampled in proportion to tokens ** exponent.
        seed: of the permutations.
        languages: the model's languages, in the order of `Batch.language`; those without a corpus
            get no rows. The languages of `corpora` where not given.

    Raises:
        InputError: a corpus is shorter than one window, or an argument is out of its range.

    Reference:
        Conneau and Lample, Cross-lingual Language Model Pretraining, 2019,
        https://arxiv.org/abs/1901.07291: the exponent.
    """

    def __init__(
        self,
        corpora: Mapping[Language, TextSource],
        rows: int,
        length: int,
        *,
        exponent: float = DEFAULT_EXPONENT,
        seed: int = 0,
        languages: Sequence[Language] | None = None,
    ) -> None:
        _refuse_bad_shape(rows, length)
        self._corpora = tuple(corpora.values())
        self._windows = [_windows(language, corpora[language], length) for language in corpora]
        sizes = {language: corpus.n_tokens for language, corpus in corpora.items()}
        self._quota = LanguageQuota(sizes, exponent)
        self._rows, self._length, self._seed = rows, length, seed
        self._languages = tuple(languages or corpora)
        self._drawn_languages = np.array([self._languages.index(one) for one in corpora])
        self._permutations: dict[int, tuple[int, NDArray[np.int32]]] = {}

    @property
    def languages(self) -> tuple[Language, ...]:
        """Languages in the order of `Batch.language`."""
        return self._languages

    @property
    def shares(self) -> NDArray[np.float64]:
        """Share of each language, shape [languages]."""
        return self._quota.shares

    def rows_per_language(self, n_updates: int) -> NDArray[np.int64]:
        """Return how many rows of each language the first `n_updates` updates hold.

        Args:
            n_updates: number of updates.

        Returns:
            Exact counts, shape [languages]; times the length = tokens seen of each language.
        """
        rows = np.zeros(len(self._languages), dtype=np.int64)
        rows[self._drawn_languages] = self._rows_drawn(n_updates)
        return rows

    def epochs_per_language(self, n_updates: int) -> NDArray[np.float64]:
        """Return how often the first `n_updates` updates read each language's data, [languages]."""
        epochs = np.zeros(len(self._languages))
        epochs[self._drawn_languages] = self._rows_drawn(n_updates) / np.array(self._windows)
        return epochs

    def _rows_drawn(self, n_updates: int) -> NDArray[np.int64]:
        """Return the same counts for the languages that have a corpus."""
        return self._quota.counts(n_updates * self._rows)

    def batch(self, update: int) -> Batch:
        """Return the batch of one update; rows stand in the order of the languages.

        Args:
            update: number of the update, from 0.
        """
        import torch

        first, last = self._rows_drawn(update), self._rows_drawn(update + 1)
        ids = np.empty((self._rows, self._length), dtype=np.int64)
        filled = 0
        for language in np.flatnonzero(last > first).tolist():
            for windows in self._drawn(language, int(first[language]), int(last[language])):
                corpus = self._corpora[language]
                ids[filled : filled + len(windows)] = corpus.rows(windows, self._length)
                filled += len(windows)
        language_of_row = np.repeat(self._drawn_languages, last - first)
        return Batch(torch.from_numpy(ids), None, torch.from_numpy(language_of_row))

    def _drawn(self, language: int, first: int, last: int) -> Iterator[NDArray[np.int32]]:
        """Yield the windows of rows first to last - 1, one array for each pass they touch."""
        n_windows = self._windows[language]
        while first < last:
            epoch, offset = divmod(first, n_windows)
            n_drawn = min(last - first, n_windows - offset)
            yield self._permutation(language, epoch)[offset : offset + n_drawn]
            first += n_drawn

    def _permutation(self, language: int, epoch: int) -> NDArray[np.int32]:
        """Return the order of a language's windows in one pass; only the last pass is kept."""
        kept = self._permutations.get(language)
        if kept is None or kept[0] != epoch:
            rng = _generator(self._seed, self._quota.languages[language], epoch)
            order = rng.permutation(self._windows[language]).astype(np.int32)
            kept = self._permutations[language] = (epoch, order)
        return kept[1]


def _generator(seed: int, language: Language, epoch: int) -> np.random.Generator:
    """Seed by what the draw depends on; Python's `hash` differs from process to process."""
    digest = hashlib.sha256(f"{seed}\n{language}\n{epoch}".encode()).digest()
    return np.random.Generator(np.random.Philox(key=int.from_bytes(digest[:16], "little")))


def _windows(language: Language, corpus: TextSource, length: int) -> int:
    """Count the windows of a corpus, and refuse one that has none."""
    n_windows = corpus.windows(length)
    if n_windows < 1:
        raise InputError(
            expected=f"at least {length - 1} tokens, one window of {length} positions",
            found=f"{corpus.n_tokens} tokens",
            where=f"training text of {language}",
            next_step="Give more text, leave the language out, or use a shorter length.",
        )
    return n_windows


def _refuse_bad_shape(rows: int, length: int) -> None:
    if rows < 1 or length < 2:
        raise InputError(
            expected="rows >= 1 and length >= 2",
            found=f"rows {rows}, length {length}",
            where="batches of text",
            next_step="16 sequences of 128 tokens are a good start.",
        )
