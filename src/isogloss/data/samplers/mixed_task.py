"""Batches of labelled examples of several languages, every batch full, shares exact."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Final, final

import numpy as np
from numpy.typing import NDArray

from isogloss.core import InputError, Language
from isogloss.data.batches import Batch
from isogloss.data.samplers.examples import EncodedExample
from isogloss.data.samplers.labelled_rows import labelled_batch, refuse_mixed_labels
from isogloss.data.samplers.language_quota import LanguageQuota

_BLOCK: Final = 50


@final
class MixedTaskSampler:
    """Languages in proportion to size^exponent, each going through its examples again and again.

    Batches are all of one size, so that as many updates are as many examples whatever is done to
    the languages. The rows of a batch are divided by `LanguageQuota`. A language's stream is one
    shuffled pass over its examples after another. Within 50 batches each language's rows stand in
    order of length, its shortest in one batch with the others' shortest, and the 50 are shuffled:
    little padding, and no batch without a language that has a row in it.

    Args:
        examples: encoded examples of each language that is trained on.
        rows: rows of a batch, all processes together.
        exponent: rows are shared in proportion to size^exponent; 0 = alike.
        pad_id: id of padding.
        seed: of the order.
        languages: in the order of `Batch.language`; those of `examples` where not given.

    Raises:
        InputError: a language without examples, rows below 1, or an exponent that
            `LanguageQuota` refuses.
        ValueError: examples with a label a word beside examples with a label a text, or of a
            language that is not among `languages`.
    """

    def __init__(
        self,
        examples: Mapping[Language, Sequence[EncodedExample]],
        rows: int,
        *,
        exponent: float,
        pad_id: int,
        seed: int = 0,
        languages: Sequence[Language] | None = None,
    ) -> None:
        _refuse_empty(examples, rows)
        self._languages = tuple(examples if languages is None else languages)
        self._indices = np.array([self._languages.index(language) for language in examples])
        self._groups = [tuple(group) for group in examples.values()]
        refuse_mixed_labels([example for group in self._groups for example in group])
        self._lengths = [np.array([len(one.ids) for one in group]) for group in self._groups]
        sizes = {language: len(group) for language, group in examples.items()}
        self._quota = LanguageQuota(sizes, exponent)
        self._streams = [_Stream(str(one), size, seed) for one, size in sizes.items()]
        self._rows, self._pad_id, self._seed = rows, pad_id, seed
        self._kept: tuple[int, list[list[NDArray[np.int64]]]] = (-1, [])

    @property
    def languages(self) -> tuple[Language, ...]:
        """Languages in the order of `Batch.language`."""
        return self._languages

    def rows_per_language(self, n_updates: int) -> NDArray[np.int64]:
        """Return how many rows of each language the first `n_updates` updates hold.

        Args:
            n_updates: number of updates.

        Returns:
            Exact counts, shape [languages].
        """
        counts = np.zeros(len(self._languages), dtype=np.int64)
        counts[self._indices] = self._quota.counts(n_updates * self._rows)
        return counts

    def epochs_per_language(self, n_updates: int) -> NDArray[np.float64]:
        """Return how often the first `n_updates` updates read each language's data, [languages]."""
        there = np.ones(len(self._languages))
        there[self._indices] = [len(group) for group in self._groups]
        return self.rows_per_language(n_updates) / there

    def batch(self, update: int) -> Batch:
        """Return the batch of one update, padded to its longest row.

        Args:
            update: number of the update, from 0.
        """
        number, place = divmod(update, _BLOCK)
        if self._kept[0] != number:
            self._kept = (number, self._planned(number))
        chosen = self._kept[1][place]
        examples = [
            group[index]
            for group, indices in zip(self._groups, chosen, strict=True)
            for index in indices.tolist()
        ]
        language = np.repeat(self._indices, [len(indices) for indices in chosen])
        return labelled_batch(examples, language, self._pad_id)

    def _planned(self, number: int) -> list[list[NDArray[np.int64]]]:
        """Return the examples of each language in each batch of a block."""
        edges = np.array(
            [
                self._quota.counts((number * _BLOCK + place) * self._rows)
                for place in range(_BLOCK + 1)
            ]
        )
        # Batch `order[i]` has the i-th shortest examples.
        order = _generator("block", self._seed, number).permutation(_BLOCK)
        n_rows = np.diff(edges, axis=0)
        batches: list[list[NDArray[np.int64]]] = [[] for _ in range(_BLOCK)]
        for column, (stream, lengths) in enumerate(zip(self._streams, self._lengths, strict=True)):
            drawn = stream.examples(int(edges[0, column]), int(edges[-1, column]))
            # Stable, so that equal lengths keep their random order on every machine.
            drawn = drawn[np.argsort(lengths[drawn], kind="stable")]
            parts = np.split(drawn, np.cumsum(n_rows[order, column])[:-1])
            for place, part in zip(order.tolist(), parts, strict=True):
                batches[place].append(part)
        return batches


class _Stream:
    """One language's examples: a shuffled pass after another."""

    def __init__(self, name: str, size: int, seed: int) -> None:
        self._name, self._size, self._seed = name, size, seed

    def examples(self, first: int, last: int) -> NDArray[np.int64]:
        """Return the examples at places `first` to `last` - 1 of the stream."""
        epochs = range(first // self._size, -(-last // self._size))
        if not epochs:
            return np.empty(0, dtype=np.int64)
        passes = [
            _generator(self._name, self._seed, epoch).permutation(self._size) for epoch in epochs
        ]
        begin = epochs[0] * self._size
        return np.concatenate(passes)[first - begin : last - begin]


def _generator(what: str, seed: int, number: int) -> np.random.Generator:
    digest = hashlib.sha256(f"mixed task\n{what}\n{seed}\n{number}".encode()).digest()
    return np.random.Generator(np.random.Philox(key=int.from_bytes(digest[:16], "little")))


def _refuse_empty(examples: Mapping[Language, Sequence[EncodedExample]], rows: int) -> None:
    empty = [str(language) for language, group in examples.items() if not group]
    if empty or not examples:
        raise InputError(
            expected="labelled examples of every language",
            found="none",
            where=f"task examples of {', '.join(empty) or 'no language at all'}",
            next_step="Look at the training file of the task, or leave the language out.",
        )
    if rows < 1:
        raise InputError(
            expected="rows >= 1",
            found=f"{rows}",
            where="batches of a task",
            next_step="16 sequences are a good start.",
        )
