"""A part of an encoded corpus, with the face of a whole one."""

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from isogloss.core import InputError


class TextSource(Protocol):
    """What a sampler of running text asks of a corpus."""

    @property
    def n_tokens(self) -> int:
        """Ids of the text."""
        ...

    def windows(self, length: int) -> int:
        """Return how many rows of `length` positions it holds."""
        ...

    def rows(self, indices: ArrayLike, length: int) -> NDArray[np.int64]:
        """Return windows as rows of a batch, shape [rows, length]."""
        ...


@dataclass(frozen=True)
class CorpusPart:
    """Consecutive windows of a corpus.

    Args:
        corpus: the whole.
        length: positions of a row; the part is made of whole windows of that length.
        first: its first window.
        n_windows: how many it has.
    """

    corpus: TextSource
    length: int
    first: int
    n_windows: int

    @classmethod
    def divide(
        cls, corpus: TextSource, length: int, held_out: float, *, where: str
    ) -> "tuple[CorpusPart, CorpusPart]":
        """Divide a corpus into what is trained on and what is held out, its end.

        Args:
            corpus: to divide.
            length: positions of a row.
            held_out: share of the windows that is held out, rounded up to whole windows.
            where: whose text it is, for the message.

        Raises:
            InputError: no window is left to train on.
        """
        n_windows = corpus.windows(length)
        n_held_out = math.ceil(n_windows * held_out)
        if n_held_out >= n_windows:
            raise InputError(
                expected="text left to train on beside the held-out part",
                found=f"{n_windows} sequences of {length} tokens, {n_held_out} of them held out",
                where=where,
                next_step="Hold out a smaller share, give more text, or validate on training text.",
            )
        n_trained = n_windows - n_held_out
        return (
            cls(corpus, length, 0, n_trained),
            cls(corpus, length, n_trained, n_held_out),
        )

    @property
    def n_tokens(self) -> int:
        """Ids of the part."""
        return self.n_windows * (self.length - 1)

    def windows(self, length: int) -> int:
        """Return how many rows it holds; `length` must be that of the division."""
        assert length == self.length
        return self.n_windows

    def rows(self, indices: ArrayLike, length: int) -> NDArray[np.int64]:
        """Return windows as rows of a batch, counted from the first of the part."""
        return self.corpus.rows(np.asarray(indices, dtype=np.int64) + self.first, length)
