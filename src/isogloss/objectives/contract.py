"""What an objective is: targets for a batch, then one summed loss for each language."""

import dataclasses
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from isogloss.core import Float, Int
from isogloss.data import Batch, Routing


@dataclass(frozen=True)
class Targets:
    """A batch together with what is to be predicted in it; made by `Targets.of`.

    Attributes:
        batch: the (possibly corrupted) inputs of this process's rows.
        row: shape [n], the row of each target.
        column: shape [n], its place in the row; None when whole rows are classified.
        labels: shape [n], the class to predict.
        count: shape [languages], number of targets of each language in the GLOBAL batch: losses are
            divided by it, so shares on several processes add up to the one-process result.
        language: shape [n], language index of each target.
        routing: the targets grouped by language; known without asking the device.
        present: indices of the languages that have targets in the GLOBAL batch, in order.
    """

    batch: Batch
    row: Int[Tensor, " n"]
    column: Int[Tensor, " n"] | None
    labels: Int[Tensor, " n"]
    count: Float[Tensor, " languages"]
    language: Int[Tensor, " n"]
    routing: Routing
    present: tuple[int, ...]

    @classmethod
    def of(
        cls,
        batch: Batch,
        row: Int[Tensor, " n"],
        column: Int[Tensor, " n"] | None,
        labels: Int[Tensor, " n"],
        n_languages: int,
    ) -> "Targets":
        """Return the targets of a global batch, on the CPU; see the attributes.

        Args:
            batch: the (possibly corrupted) inputs.
            row: the row of each target, shape [n].
            column: its place in the row, shape [n]; None when whole rows are classified.
            labels: the class to predict, shape [n].
            n_languages: L.
        """
        language, routing = batch.language[row], batch.routing.at(row)
        count = torch.zeros(n_languages)
        for index, n in zip(routing.languages, routing.counts, strict=True):
            count[index] = n
        present = tuple(sorted(routing.languages))
        return cls(batch, row, column, labels, count, language, routing, present)

    def positions(self, length: int) -> Int[Tensor, " n"]:
        """Return where the targets stand in rows of `length` one after the other, shape [n].

        A row that is classified whole is read at its first position.
        """
        first = self.row * length
        return first if self.column is None else first + self.column

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
        batch = self.batch.select(rows[rank::world_size] if rank < len(rows) else rows[:1])
        row = self.row[mine] // world_size
        return dataclasses.replace(
            self,
            batch=batch,
            row=row,
            column=None if self.column is None else self.column[mine],
            labels=self.labels[mine],
            language=self.language[mine],
            routing=batch.routing.at(row),
        )

    def only(self, language: int) -> "Targets":
        """Return the targets of one language with its rows alone; `count` stays global."""
        rows = (self.batch.language == language).nonzero().squeeze(1)
        mine = self.language == language
        batch = self.batch.select(rows)
        row = torch.searchsorted(rows, self.row[mine])
        return dataclasses.replace(
            self,
            batch=batch,
            row=row,
            column=None if self.column is None else self.column[mine],
            labels=self.labels[mine],
            language=self.language[mine],
            routing=batch.routing.at(row),
        )

    def to(self, device: torch.device) -> "Targets":
        """Return the same targets on `device`; what is known of languages stays known here."""
        if device.type == "cpu":
            return self
        tensors = {"row": self.row, "labels": self.labels, "count": self.count}
        if self.column is not None:
            tensors["column"] = self.column
        moved = {
            name: tensor.to(device, non_blocking=True)
            for name, tensor in {**tensors, "language": self.language}.items()
        }
        return dataclasses.replace(self, batch=self.batch.to(device), **moved)


@dataclass(frozen=True)
class LanguageLosses:
    """Losses of one update, by language.

    Attributes:
        total: shape [languages], summed loss over this process's targets, in nats.
        count: shape [languages], targets in the global batch.
    """

    total: Float[Tensor, " languages"]
    count: Float[Tensor, " languages"]

    @property
    def mean(self) -> Float[Tensor, " languages"]:
        """Loss of each language per target, shape [languages]; NaN where a language is absent."""
        return self.total / self.count


@runtime_checkable
class Objective(Protocol):
    """Contract of the `objective` part once it is built for a run."""

    def prepare(self, batch: Batch, update: int) -> Targets:
        """Decide the targets of the global batch; the same on every process."""
        ...

    def losses(self, model: nn.Module, targets: Targets) -> LanguageLosses:
        """Run the model on `targets.batch` and sum the loss of each language."""
        ...


def sum_by_language(logits: Float[Tensor, "n classes"], targets: Targets) -> LanguageLosses:
    """Sum the cross-entropy of each language, in fp32 whatever the precision of the logits.

    Args:
        logits: shape [n, classes], one row per target.
        targets: labels and languages of the same n targets.
    """
    loss = cross_entropy(logits.float(), targets.labels, reduction="none")
    total = torch.zeros_like(targets.count).index_add(0, targets.language, loss)
    return LanguageLosses(total, targets.count)
