"""Batches, losses and two oracles: one backward a language, and one sub-batch a language."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from isogloss.models import ATTACHMENTS, MultilingualModel
from unit.models import toys as models

ARCHITECTURES = tuple(ATTACHMENTS)


@dataclass(frozen=True)
class Case:
    """A masked-LM batch of three languages; rows of a language need not stand together.

    `row` and `column` are where targets are picked.
    """

    ids: Tensor
    mask: Tensor | None
    language: Tensor
    row: Tensor
    column: Tensor
    labels: Tensor

    def losses(self, model: MultilingualModel, rows: Tensor | None = None) -> Tensor:
        """Return the mean loss of each language over its targets, from all rows or from some."""
        kept = torch.arange(len(self.ids)) if rows is None else rows
        place = torch.full((len(self.ids),), -1).index_copy(0, kept, torch.arange(len(kept)))
        mine = place[self.row] >= 0
        mask = None if self.mask is None else self.mask[kept]
        hidden = model.encode(self.ids[kept], mask, self.language[kept])
        picked = hidden[place[self.row[mine]], self.column[mine]]
        each = cross_entropy(model.masked_lm_logits(picked), self.labels[mine], reduction="none")
        language = self.language[self.row]
        total = torch.zeros(3, dtype=each.dtype).index_add(0, language[mine], each)
        return total / torch.bincount(language, minlength=3).clamp(min=1)


def case(language: tuple[int, ...] = (2, 0, 1, 0, 2, 1), *, padded: bool = True) -> Case:
    """Return a batch with two or three targets a row."""
    ids = models.ids(len(language))
    mask = torch.ones_like(ids)
    if padded:
        mask[1, 8:] = 0
        mask[-1, 5:] = 0
        ids = ids.masked_fill(mask == 0, 0)
    row = torch.arange(len(language)).repeat_interleave(2)
    row = torch.cat([row, row[:1]]).sort().values
    column = torch.arange(len(row)) % 5
    labels = torch.arange(len(row)) * 7 % 90 + 4
    return Case(ids, mask if padded else None, torch.tensor(language), row, column, labels)


def gradients(losses: Callable[[], Tensor], model: nn.Module) -> dict[str, Tensor]:
    """Return each parameter's gradient of each loss by one backward a language, [L, *shape]."""
    named = {name: p for name, p in model.named_parameters() if p.requires_grad}
    rows: dict[str, list[Tensor]] = {name: [] for name in named}
    for loss in losses():
        found = torch.autograd.grad(
            loss, list(named.values()), retain_graph=True, allow_unused=True
        )
        for (name, parameter), gradient in zip(named.items(), found, strict=True):
            rows[name].append(torch.zeros_like(parameter) if gradient is None else gradient)
    return {name: torch.stack(values) for name, values in rows.items()}


def sub_batch_gradients(of: Case, model: MultilingualModel) -> dict[str, Tensor]:
    """Return the same from one forward and backward over each language's own rows."""
    parts = []
    for index in range(3):
        rows = (of.language == index).nonzero().squeeze(1)
        parts.append(
            gradients(lambda rows=rows, index=index: of.losses(model, rows)[[index]], model)
        )
    return {name: torch.cat([part[name] for part in parts]) for name in parts[0]}


def gramian(rows: dict[str, Tensor], names: list[str], languages: list[int]) -> Tensor:
    """Return the Gramian of the concatenation of some parameters, for some languages."""
    flat = torch.cat([rows[name].flatten(1) for name in names], dim=1).double()[languages]
    return flat @ flat.T
