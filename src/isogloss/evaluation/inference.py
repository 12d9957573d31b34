"""Running a model without training it: rows of like length together, results in the old order."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

LanguageIndex = int | Sequence[int]
"""Which language's modules rows run through: one for all, or one for each."""


@contextmanager
def inference(model: nn.Module) -> Iterator[torch.device]:
    """Switch the model to evaluation without gradients in full precision, and back afterwards.

    Each module gets its own mode back, so that a part kept in evaluation mode by its owner (a
    frozen backbone) stays there. Full precision whatever surrounds the call: in bf16 the score of
    an example would depend on the shape of its batch.

    Args:
        model: to be evaluated.

    Yields:
        The device the model is on.
    """
    modes = [(module, module.training) for module in model.modules()]
    device = next(model.parameters()).device
    model.eval()
    try:
        with torch.inference_mode(), torch.autocast(device.type, enabled=False):
            yield device
    finally:
        for module, training in modes:
            module.training = training


def batches_by_length(lengths: Sequence[int], batch_size: int) -> Iterator[NDArray[np.int64]]:
    """Yield the indices of rows of like length, longest first (memory runs out early or never).

    Args:
        lengths: positions of each row.
        batch_size: rows in a batch.

    Yields:
        Indices, shape [up to batch_size].
    """
    order = np.argsort(-np.asarray(lengths, dtype=np.int64), kind="stable")
    for start in range(0, len(order), batch_size):
        yield order[start : start + batch_size]


def padded(rows: Sequence[Sequence[int]], pad_id: int) -> tuple[Tensor, Tensor | None]:
    """Return rows of ids as one tensor, and its mask or None where no row is padded.

    Args:
        rows: ids of each row, at least one of them.
        pad_id: fills the shorter rows.

    Returns:
        Ids and mask, shape [rows, longest].
    """
    lengths = torch.tensor([len(row) for row in rows])
    longest = int(lengths.max())
    ids = torch.full((len(rows), longest), pad_id)
    for index, row in enumerate(rows):
        ids[index, : len(row)] = torch.tensor(row)
    if int(lengths.min()) == longest:
        return ids, None
    return ids, (torch.arange(longest) < lengths[:, None]).long()


def languages_of(index: LanguageIndex, rows: Sequence[int] | NDArray[np.int64]) -> Tensor:
    """Return the language index of each of the chosen rows, shape [chosen], on the CPU.

    Args:
        index: one for all rows, or one for each.
        rows: numbers of the chosen rows.
    """
    if isinstance(index, int):
        return torch.full((len(rows),), index)
    return torch.tensor([index[row] for row in rows])
