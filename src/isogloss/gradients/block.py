"""The gradient of one parameter, one row per group of rows (a language)."""

from typing import Protocol, runtime_checkable

import torch
from torch import Tensor

from isogloss.core import Float, Int

# Float32 sums over millions of columns lose three digits (measured: 1e-3); over these they do not.
COLUMNS = 1 << 17


@runtime_checkable
class Reduce(Protocol):
    """Replaces tensors by their sums over the processes, in place."""

    def __call__(self, tensors: list[Tensor], /) -> None:
        """Sum over the processes."""
        ...


class Block:
    """Gradients of one parameter, by group.

    Args:
        values: shape [groups, *parameter], or [groups, tokens, d] with `tokens`.
        tokens: rows of an embedding table that `values` holds, sorted, shape [tokens]; all other
            rows are zero. None = all rows.
    """

    def __init__(
        self,
        values: Float[Tensor, "groups ..."],
        tokens: Int[Tensor, " tokens"] | None = None,
    ) -> None:
        self.values, self.tokens = values, tokens

    def add(self, other: "Block", size: torch.Size) -> None:
        """Add the gradients of another use of the same parameter, whose size is given."""
        dense, sparse = (self, other) if self.tokens is None else (other, self)
        if dense.tokens is not None:
            dense = Block(dense.dense(size))
        if sparse.tokens is None:
            dense.values += sparse.values
        else:
            dense.values.index_add_(1, sparse.tokens, sparse.values)
        self.values, self.tokens = dense.values, None

    def dense(self, size: torch.Size) -> Float[Tensor, "groups ..."]:
        """Return shape [groups, *size]."""
        if self.tokens is None:
            return self.values
        found = self.values.new_zeros(self.values.shape[0], *size)
        return found.index_copy_(1, self.tokens, self.values)

    def sum_across_processes(self, reduce: Reduce, size: torch.Size) -> None:
        """Make it the block of the global batch."""
        if self.tokens is not None:
            used = self.values.new_zeros(size[0]).index_fill_(0, self.tokens, 1.0)
            reduce([used])
            tokens = used.nonzero().squeeze(1)
            values = self.values.new_zeros(self.values.shape[0], len(tokens), size[1])
            values.index_copy_(1, torch.searchsorted(tokens, self.tokens), self.values)
            self.values, self.tokens = values, tokens
        reduce([self.values])

    def gramian(self) -> Float[Tensor, "groups groups"]:
        """Return the inner products of the groups' gradients, shape [groups, groups], float64."""
        flat = self.values.flatten(1)
        found = flat.new_zeros(len(flat), len(flat), dtype=torch.float64)
        for columns in flat.split(COLUMNS, dim=1):
            found += (columns @ columns.T).double()
        return found

    def weighted(self, weights: Float[Tensor, " groups"], size: torch.Size) -> Float[Tensor, "..."]:
        """Return the sum of the groups' gradients with these weights, in the parameter's shape."""
        flat = self.values.flatten(1)
        summed = (weights.to(flat) @ flat).view(self.values.shape[1:])
        if self.tokens is None:
            return summed
        return summed.new_zeros(size).index_copy_(0, self.tokens, summed)
