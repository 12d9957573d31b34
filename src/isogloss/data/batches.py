"""What the training loop is fed: rows of ids with a language for each row."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Protocol, Self, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from isogloss.core import Language
from isogloss.data.routing import Routing

if TYPE_CHECKING:
    import torch
    from torch import Tensor


@dataclass(frozen=True, eq=False)
class Batch:
    """One batch; languages may be mixed, the rows of one language stand together.

    Args:
        input_ids: token ids, shape [rows, positions], int64.
        attention_mask: 1 for a token and 0 for padding, shape [rows, positions], int64; None where
            no row is padded, so that attention can skip the mask.
        language: index of each row's language in the sampler's `languages`, shape [rows], int64;
            on the CPU, wherever the rest is.
        labels: class of each position (-100 = ignored), shape [rows, positions]; or class of each
            row, shape [rows]; or first and last position of each row's answer, shape [rows, 2];
            None for text without labels.
        beside: other versions of the same rows by name, such as their sources in another language.
    """

    input_ids: Tensor
    attention_mask: Tensor | None
    language: Tensor
    labels: Tensor | None = None
    beside: Mapping[str, Batch] = field(default_factory=dict)

    @cached_property
    def routing(self) -> Routing:
        """Return the rows grouped by language, for a model with language-specific modules."""
        return Routing.of(self.language)

    def to(self, device: torch.device | str) -> Self:
        """Return the batch on `device`, without waiting for the copy.

        Languages stay on the CPU: they decide which modules run, and to read them from a GPU would
        wait for all that it has been given to do.
        """
        return dataclasses.replace(
            self,
            input_ids=self.input_ids.to(device, non_blocking=True),
            attention_mask=_moved(self.attention_mask, device),
            labels=_moved(self.labels, device),
            beside={name: one.to(device) for name, one in self.beside.items()},
        )

    def select(self, rows: Tensor | slice) -> Self:
        """Return some of the rows: a process's share of the batch, or one language's rows.

        Args:
            rows: indices or mask, shape [selected], or a slice.

        Returns:
            A batch of the same width: padding is not trimmed, so that processes agree on shapes.
        """
        mask, labels = self.attention_mask, self.labels
        return type(self)(
            self.input_ids[rows],
            None if mask is None else mask[rows],
            self.language[rows],
            None if labels is None else labels[rows],
            {name: one.select(rows) for name, one in self.beside.items()},
        )


def _moved(tensor: Tensor | None, device: torch.device | str) -> Tensor | None:
    return None if tensor is None else tensor.to(device, non_blocking=True)


@runtime_checkable
class Sampler(Protocol):
    """A stateless function of the update number, so that a resumed run sees the same rows.

    Everything a sampler draws follows from its arguments, its seed and the number of the update:
    there is no state to save, and any update can be asked for in any order.
    """

    @property
    def languages(self) -> tuple[Language, ...]:
        """Languages in the order that `Batch.language` counts them."""
        ...

    def batch(self, update: int) -> Batch:
        """Return the batch of one update (from 0) for all processes together."""
        ...

    def rows_per_language(self, n_updates: int) -> NDArray[np.int64]:
        """Return how many rows of each language updates 0 to n_updates - 1 hold.

        Args:
            n_updates: number of updates.

        Returns:
            Exact counts, shape [languages].
        """
        ...

    def epochs_per_language(self, n_updates: int) -> NDArray[np.float64]:
        """Return how often updates 0 to n_updates - 1 read each language's data.

        Args:
            n_updates: number of updates.

        Returns:
            Rows drawn over rows that there are, shape [languages]; 0 where there are none.
        """
        ...
