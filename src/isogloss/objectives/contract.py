"""What an objective is: targets for a batch, then one summed loss for each language."""

from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from isogloss.data import Batch


@dataclass(frozen=True)
class Targets:
    """A batch together with what is to be predicted in it.

    Attributes:
        batch: the (possibly corrupted) inputs of this process's rows.
        row: shape [n], the row of each target.
        column: shape [n], its place in the row; None when whole rows are classified.
        labels: shape [n], the class to predict.
        count: shape [languages], number of targets of each language in the GLOBAL batch: losses are
            divided by it, so shares on several processes add up to the one-process result.
    """

    batch: Batch
    row: Tensor
    column: Tensor | None
    labels: Tensor
    count: Tensor

    @property
    def language(self) -> Tensor:
        """Language index of each target, shape [n]."""
        return self.batch.language[self.row]

    def positions(self, length: int) -> Tensor:
        """Return where the targets stand in rows of `length` one after the other, shape [n]."""
        assert self.column is not None
        return self.row * length + self.column

    def pick(self, values: Tensor) -> Tensor:
        """Return the entries of `values`, shape [rows, ...] or [rows, length, ...], at targets."""
        if self.column is None:
            return values[self.row]
        # Faster than `flat[...]`, forward and backward: targets are distinct, nothing accumulates.
        return values.flatten(0, 1).index_select(0, self.positions(values.shape[1]))

    def shard(self, rank: int, world_size: int) -> "Targets":
        """Return the targets of rows `rank, rank + world_size, ...`; `count` stays global.

        A process for which no row is left runs the first one without targets: its gradients are
        then zero rather than missing, and every process sums the same ones.
        """
        if world_size == 1:
            return self
        mine = self.row % world_size == rank
        rows = torch.arange(self.batch.language.shape[0])
        return Targets(
            self.batch.select(rows[rank::world_size] if rank < len(rows) else rows[:1]),
            self.row[mine] // world_size,
            None if self.column is None else self.column[mine],
            self.labels[mine],
            self.count,
        )

    def to(self, device: torch.device) -> "Targets":
        """Return the same targets on `device`."""
        if device.type == "cpu":
            return self
        row, labels, count = (
            tensor.to(device, non_blocking=True) for tensor in (self.row, self.labels, self.count)
        )
        column = None if self.column is None else self.column.to(device, non_blocking=True)
        return Targets(self.batch.to(device), row, column, labels, count)


@dataclass(frozen=True)
class LanguageLosses:
    """Losses of one update, by language.

    Attributes:
        total: shape [languages], summed loss over this process's targets, in nats.
        count: shape [languages], targets in the global batch.
    """

    total: Tensor
    count: Tensor

    @property
    def mean(self) -> Tensor:
        """Loss of each language per target, shape [languages]; NaN where a language is absent."""
        return self.total / self.count


class Objective(Protocol):
    """Contract of the `objective` part once it is built for a run."""

    def prepare(self, batch: Batch, update: int) -> Targets:
        """Decide the targets of the global batch; the same on every process."""
        ...

    def losses(self, model: nn.Module, targets: Targets) -> LanguageLosses:
        """Run the model on `targets.batch` and sum the loss of each language."""
        ...


def count_by_language(language: Tensor, n_languages: int) -> Tensor:
    """Return how many entries each language has, shape [languages], as floats."""
    return torch.bincount(language, minlength=n_languages).float()


def sum_by_language(logits: Tensor, targets: Targets) -> LanguageLosses:
    """Sum the cross-entropy of each language, in fp32 whatever the precision of the logits.

    Args:
        logits: shape [n, classes], one row a target.
        targets: labels and languages of the same n targets.
    """
    loss = cross_entropy(logits.float(), targets.labels, reduction="none")
    total = torch.zeros_like(targets.count).index_add(0, targets.language, loss)
    return LanguageLosses(total, targets.count)
