"""Batches of labelled examples for fine-tuning, with as little padding as possible."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Final, final

import numpy as np
from numpy.typing import NDArray

from isogloss.core import InputError, Language
from isogloss.data.batches import Batch
from isogloss.data.samplers.examples import EncodedExample
from isogloss.data.samplers.labelled_rows import labelled_batch, refuse_mixed_labels

_POOL_BATCHES: Final = 50


@final
class TaskSampler:
    """Every example of every language once an epoch, in batches of similar length.

    An epoch is shuffled, divided into pools of 50 batches, each pool sorted by length and cut into
    batches, and the batches are shuffled. The order follows from the seed and the epoch. The last
    batch of an epoch may be smaller; it stands anywhere.

    Args:
        examples: encoded examples of each language that is trained on.
        rows: rows of a batch, all processes together.
        epochs: passes over the examples.
        pad_id: id of padding.
        seed: of the order.
        languages: the model's languages, in the order of `Batch.language`; those without examples
            get no rows (zero-shot). The languages of `examples` where not given.

    Raises:
        InputError: a language without examples, or rows or epochs below 1.
        ValueError: examples with a label a word beside examples with a label a text, or of a
            language that is not among `languages`.
    """

    def __init__(
        self,
        examples: Mapping[Language, Sequence[EncodedExample]],
        rows: int,
        *,
        epochs: int,
        pad_id: int,
        seed: int = 0,
        languages: Sequence[Language] | None = None,
    ) -> None:
        _refuse_empty(examples, rows, epochs)
        self._languages = tuple(examples if languages is None else languages)
        self._examples = [example for group in examples.values() for example in group]
        refuse_mixed_labels(self._examples)
        sizes = [len(group) for group in examples.values()]
        self._language = np.repeat([self._languages.index(one) for one in examples], sizes)
        self._lengths = np.array([len(example.ids) for example in self._examples])
        self._rows, self._epochs, self._pad_id, self._seed = rows, epochs, pad_id, seed
        self._epoch: tuple[int, list[NDArray[np.int64]]] = (-1, [])

    @property
    def languages(self) -> tuple[Language, ...]:
        """Languages in the order of `Batch.language`."""
        return self._languages

    @property
    def updates_per_epoch(self) -> int:
        """Batches that hold every example once."""
        return -(-len(self._examples) // self._rows)

    @property
    def n_updates(self) -> int:
        """Batches of all epochs."""
        return self._epochs * self.updates_per_epoch

    def rows_per_language(self, n_updates: int) -> NDArray[np.int64]:
        """Return how many rows of each language the first `n_updates` updates hold.

        Args:
            n_updates: number of updates.

        Returns:
            Exact counts, shape [languages].
        """
        epoch, n_more = divmod(n_updates, self.updates_per_epoch)
        n_languages = len(self._languages)
        counts = epoch * np.bincount(self._language, minlength=n_languages)
        for rows in self._batches(epoch)[:n_more] if n_more else []:
            counts += np.bincount(self._language[rows], minlength=n_languages)
        return counts

    def epochs_per_language(self, n_updates: int) -> NDArray[np.float64]:
        """Return how often the first `n_updates` updates read each language's data, [languages]."""
        there = np.bincount(self._language, minlength=len(self._languages))
        return self.rows_per_language(n_updates) / np.maximum(there, 1)

    def batch(self, update: int) -> Batch:
        """Return the batch of one update, padded to its longest row.

        Args:
            update: number of the update, from 0; past `n_updates` the epochs go on.
        """
        epoch, number = divmod(update, self.updates_per_epoch)
        chosen = self._batches(epoch)[number]
        examples = [self._examples[index] for index in chosen.tolist()]
        return labelled_batch(examples, self._language[chosen], self._pad_id)

    def _batches(self, epoch: int) -> list[NDArray[np.int64]]:
        """Return the examples of each batch of an epoch; only the last epoch asked for is kept."""
        if self._epoch[0] != epoch:
            self._epoch = (epoch, self._planned(epoch))
        return self._epoch[1]

    def _planned(self, epoch: int) -> list[NDArray[np.int64]]:
        rng = _generator(self._seed, epoch)
        order = rng.permutation(len(self._examples))
        pool = _POOL_BATCHES * self._rows
        batches: list[NDArray[np.int64]] = []
        for start in range(0, len(order), pool):
            pooled = order[start : start + pool]
            # Stable, so that equal lengths keep their random order on every machine.
            pooled = pooled[np.argsort(self._lengths[pooled], kind="stable")]
            for first in range(0, len(pooled), self._rows):
                batch = pooled[first : first + self._rows]
                # Rows of one language together: modules route without a second sort.
                batches.append(batch[np.argsort(self._language[batch], kind="stable")])
        return [batches[index] for index in rng.permutation(len(batches)).tolist()]


def _generator(seed: int, epoch: int) -> np.random.Generator:
    digest = hashlib.sha256(f"task\n{seed}\n{epoch}".encode()).digest()
    return np.random.Generator(np.random.Philox(key=int.from_bytes(digest[:16], "little")))


def _refuse_empty(
    examples: Mapping[Language, Sequence[EncodedExample]], rows: int, epochs: int
) -> None:
    empty = [str(language) for language, group in examples.items() if not group]
    if empty or not examples:
        raise InputError(
            expected="labelled examples of every language",
            found="none",
            where=f"task examples of {', '.join(empty) or 'no language at all'}",
            next_step="Look at the training file of the task, or leave the language out.",
        )
    if rows < 1 or epochs < 1:
        raise InputError(
            expected="rows >= 1 and epochs >= 1",
            found=f"rows {rows}, epochs {epochs}",
            where="batches of a task",
            next_step="16 sequences and 5 epochs are a good start.",
        )
