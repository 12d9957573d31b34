"""Which rows of a batch belong to which language, worked out once a batch and on the CPU."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import groupby
from typing import TYPE_CHECKING

from isogloss.core import InputError

if TYPE_CHECKING:
    import torch
    from torch import Tensor


@dataclass(frozen=True)
class Runs:
    """Neighbouring rows that use the same slot of a slab.

    Attributes:
        slots: slot of each run; a slot may come back in a later run.
        counts: number of rows in each run.
    """

    slots: tuple[int, ...]
    counts: tuple[int, ...]

    @cached_property
    def equal(self) -> bool:
        """Whether all runs have the same number of rows, so that one batched product does."""
        return len(set(self.counts)) == 1

    @cached_property
    def consecutive(self) -> bool:
        """Whether the slots count up one by one, so that a slice of the slab is enough."""
        first = self.slots[0]
        return self.slots == tuple(range(first, first + len(self.slots)))

    def slot_index(self, device: torch.device) -> Tensor:
        """Return the slots as a tensor on `device`, shape [runs]; copied there once."""
        return _index(self.slots, device)


@dataclass(frozen=True)
class Routing:
    """The languages of a batch's rows, grouped.

    Rows of one language that do not stand together are brought together once, before the first
    layer, and put back after the last: no layer gathers rows.

    Attributes:
        languages: language index of each run of rows, each language once.
        counts: rows of each run.
        order: shape [rows], the permutation that groups the rows; None when they come grouped.
    """

    languages: tuple[int, ...]
    counts: tuple[int, ...]
    order: Tensor | None

    @classmethod
    def of(cls, language: Tensor | Sequence[int]) -> Routing:
        """Group rows by language.

        Args:
            language: shape [rows], language index of each row. A tensor on an accelerator costs
                one synchronisation; give a CPU tensor, or keep the Routing, to avoid it.

        Returns:
            The grouping, to be used for a batch with these rows in this order.

        Example:
            >>> Routing.of([3, 3, 0, 0])
            Routing(languages=(3, 0), counts=(2, 2), order=None)
            >>> Routing.of([1, 0, 1]).order
            tensor([1, 0, 2])
        """
        rows = language if isinstance(language, Sequence) else language.tolist()
        return _grouped(tuple(rows))

    def at(self, rows: Tensor) -> Routing:
        """Group values that were picked out of the rows.

        Args:
            rows: shape [n], the row that each was picked from; on the CPU.

        Returns:
            The grouping of the n values, in their order.

        Example:
            >>> import torch
            >>> Routing.of([3, 3, 0, 0]).at(torch.tensor([0, 0, 1, 3]))
            Routing(languages=(3, 0), counts=(3, 1), order=None)
        """
        import torch

        if self.order is None and bool((rows[1:] >= rows[:-1]).all()):
            # Picked in the order of grouped rows: only the counts are others.
            ends = torch.searchsorted(rows, torch.tensor(self.counts).cumsum(0)).tolist()
            counts = (end - start for start, end in zip([0, *ends[:-1]], ends, strict=True))
            kept = [one for one in zip(self.languages, counts, strict=True) if one[1]]
            return Routing(tuple(one for one, _ in kept), tuple(count for _, count in kept), None)
        language = torch.repeat_interleave(torch.tensor(self.languages), torch.tensor(self.counts))
        if self.order is not None:
            language = language[torch.argsort(self.order)]
        return Routing.of(language[rows])

    def runs(self, slots: tuple[int, ...]) -> Runs:
        """Return the runs of rows that share a slot, where `slots[language]` is its slot."""
        return _merge(self.languages, self.counts, slots)

    def check(self, n_rows: int, n_languages: int) -> None:
        """Refuse a language index outside the model or a wrong number of rows.

        Args:
            n_rows: of the batch.
            n_languages: of the model.

        Raises:
            InputError: see above.
        """
        if sum(self.counts) != n_rows:
            raise InputError(
                expected=f"one language index for each of {n_rows} rows",
                found=f"{sum(self.counts)} indices",
                where="`language` of the batch",
                next_step="Give `language` the shape [rows] of `input_ids`.",
            )
        wrong = [index for index in self.languages if not 0 <= index < n_languages]
        if wrong:
            raise InputError(
                expected=f"language indices from 0 to {n_languages - 1}",
                found=f"{wrong[0]}",
                where="`language` of the batch",
                next_step="Number the languages as in `model.languages`, or add the language.",
            )


# Batches repeat the same few patterns, and every layer asks for the same runs.
@lru_cache(maxsize=4096)
def _grouped(rows: tuple[int, ...]) -> Routing:
    """Group rows of these languages; see `Routing.of`."""
    import torch

    runs = [(index, len(list(run))) for index, run in groupby(rows)]
    order = None
    if len(runs) > len(set(rows)):
        order = torch.tensor(sorted(range(len(rows)), key=rows.__getitem__))
        runs = [(index, rows.count(index)) for index in sorted(set(rows))]
    languages, counts = zip(*runs, strict=True) if runs else ((), ())
    return Routing(languages, counts, order)


@lru_cache(maxsize=4096)
def _merge(languages: tuple[int, ...], counts: tuple[int, ...], slots: tuple[int, ...]) -> Runs:
    """Join neighbouring languages that share a slot."""
    grouped = groupby(zip(languages, counts, strict=True), key=lambda run: slots[run[0]])
    runs = [(slot, sum(count for _, count in members)) for slot, members in grouped]
    return Runs(tuple(slot for slot, _ in runs), tuple(count for _, count in runs))


@lru_cache(maxsize=4096)
def _index(slots: tuple[int, ...], device: torch.device) -> Tensor:
    """Keep the index of a pattern; never an inference tensor, which no backward may hold."""
    import torch

    with torch.inference_mode(False):
        return torch.tensor(slots, device=device)
