"""Which rows of a module's output belong to which language, worked out once a batch."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor

from isogloss.core import InputError, Int, Shaped
from isogloss.models import running_routing


@dataclass(frozen=True)
class Grouping:
    """Rows sorted by group; a group is a language, or half of the rows of one.

    Attributes:
        n_rows: rows of the outputs that this grouping is for.
        order: shape [kept], the rows sorted by group; rows of no group are left out. None where
            the rows come sorted and all are kept, so that nothing has to be gathered.
        counts: rows of each group.
    """

    n_rows: int
    order: Int[Tensor, " kept"] | None
    counts: tuple[int, ...]

    @classmethod
    def of(cls, groups: Sequence[int], n_groups: int) -> "Grouping":
        """Sort rows by group.

        Args:
            groups: the group of each row; below 0 = of none.
            n_groups: how many there are.

        Example:
            >>> Grouping.of([1, -1, 0, 1], 2)
            Grouping(n_rows=4, order=tensor([2, 0, 3]), counts=(1, 2))
        """
        kept = [row for row, group in enumerate(groups) if group >= 0]
        order = sorted(kept, key=groups.__getitem__)
        counts = [0] * n_groups
        for row in kept:
            counts[groups[row]] += 1
        is_sorted = order == list(range(len(groups)))
        kept_order = None if is_sorted else torch.tensor(order, dtype=torch.long)
        return cls(len(groups), kept_order, tuple(counts))

    def parts(self, values: Shaped[Tensor, "rows ..."]) -> tuple[Tensor, ...]:
        """Return the rows of each group: [n_rows, ...] -> one [count, ...] a group."""
        return self._sorted(values).split(self.counts)

    def sums(self, values: Shaped[Tensor, " rows *rest"]) -> Shaped[Tensor, " groups *rest"]:
        """Sum over the rows of each group: [n_rows, ...] -> [groups, ...]."""
        found = values.new_zeros(len(self.counts), *values.shape[1:])
        return found.index_add_(0, self.group_of_sorted.to(values.device), self._sorted(values))

    def _sorted(self, values: Shaped[Tensor, " rows *rest"]) -> Shaped[Tensor, " kept *rest"]:
        return values if self.order is None else values[self.order.to(values.device)]

    @cached_property
    def group_of_sorted(self) -> Int[Tensor, " kept"]:
        """Group of each row in sorted order, shape [kept]."""
        return torch.repeat_interleave(torch.tensor(self.counts))


class Rows:
    """The groups of a batch's rows, and of the targets picked out of them.

    Args:
        language: index of each row's language.
        target_row: the row of each target where the head runs on picked targets, [targets, hidden]
            instead of [rows, length, hidden]; None where every module sees whole rows.
        present: indices of the languages to tell apart; rows of others belong to none.
        halves: split the rows of each language in two, alternately, in the order of the batch.

    Raises:
        InputError: a language with fewer than two rows where halves are asked for.
    """

    def __init__(
        self,
        language: Sequence[int],
        target_row: Sequence[int] | None = None,
        *,
        present: Sequence[int] | None = None,
        halves: bool = False,
    ) -> None:
        self.languages = tuple(sorted(set(language)) if present is None else present)
        self.halves = halves
        per_language = 2 if halves else 1
        self.n_groups = per_language * len(self.languages)
        self._language = tuple(language)
        self._groups = self._of_rows(per_language)
        self._rows = Grouping.of(self._groups, self.n_groups)
        self._targets = None
        if target_row is not None:
            of_targets = [self._groups[row] for row in target_row]
            self._targets = Grouping.of(of_targets, self.n_groups)
        self._reordered: dict[tuple[int, ...], Grouping] = {}

    def _of_rows(self, per_language: int) -> list[int]:
        """Return the group of each row: language by language, first halves before second ones."""
        place = {language: index for index, language in enumerate(self.languages)}
        seen = dict.fromkeys(self.languages, 0)
        groups: list[int] = []
        for language in self._language:
            if language not in place:
                groups.append(-1)
                continue
            half = seen[language] % per_language
            seen[language] += 1
            groups.append(per_language * place[language] + half)
        lonely = [language for language, rows in seen.items() if rows < per_language]
        if lonely and self.halves:
            raise InputError(
                expected="at least two sequences of each language, to be split in halves",
                found=f"{seen[lonely[0]]} of language {lonely[0]}",
                where="`language` of the batch",
                next_step="Draw more sequences of it, or measure the gradients without halves.",
            )
        return groups

    @property
    def n_rows(self) -> int:
        """Rows of the batch."""
        return self._rows.n_rows

    @property
    def shares(self) -> tuple[float, ...]:
        """Share of its language's targets (rows, where none are given) that each group holds."""
        counts = (self._targets or self._rows).counts
        if not self.halves:
            return tuple(1.0 for _ in counts)
        totals = [a + b for a, b in zip(counts[::2], counts[1::2], strict=True) for _ in (a, b)]
        return tuple(
            count / total if total else 0.0 for count, total in zip(counts, totals, strict=True)
        )

    @property
    def described(self) -> str:
        """What the batch looks like, for messages."""
        targets = f" and {self._targets.n_rows} targets" if self._targets else ""
        return f"a batch of {self._rows.n_rows} rows{targets}"

    def grouping(self, output: Tensor) -> Grouping | None:
        """Return the grouping of a module's output, or None where its rows are not known.

        An output [n, ...] of three or more axes has the batch's rows; one of two axes has one row
        a target where targets are picked and n is their number, else the batch's rows.
        """
        n = output.shape[0] if output.ndim else 0
        if output.ndim == 2 and self._targets is not None and n == self._targets.n_rows:
            return self._targets
        if output.ndim < 2 or n != self._rows.n_rows:
            return None
        routing = running_routing()
        if routing is None or routing.order is None:
            return self._rows
        return self._in_order(tuple(routing.order.tolist()))

    def _in_order(self, order: tuple[int, ...]) -> Grouping:
        """Return the grouping of the rows as the model has them inside: grouped by language."""
        if order not in self._reordered:
            groups = [self._groups[row] for row in order]
            self._reordered[order] = Grouping.of(groups, self.n_groups)
        return self._reordered[order]
