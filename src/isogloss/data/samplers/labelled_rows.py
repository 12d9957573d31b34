"""Labelled examples as one padded batch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from isogloss.data.batches import Batch
from isogloss.data.samplers.examples import IGNORED, EncodedExample

if TYPE_CHECKING:
    import torch


def labelled_batch(
    examples: Sequence[EncodedExample], language: NDArray[np.int64], pad_id: int
) -> Batch:
    """Return examples as a batch, padded to the longest of them.

    Args:
        examples: of one kind: one label a word, or one label a text.
        language: index of each example's language, shape [rows].
        pad_id: id of padding.
    """
    import torch

    width = max(len(example.ids) for example in examples)
    padded = any(len(example.ids) < width for example in examples)
    ids = _stacked([example.ids for example in examples], width, pad_id)
    mask = _stacked([(1,) * len(example.ids) for example in examples], width, 0)
    return Batch(ids, mask if padded else None, torch.from_numpy(language), _labels(examples))


def refuse_mixed_labels(examples: Sequence[EncodedExample]) -> None:
    """Refuse examples with a label a word beside examples with a label a text.

    Raises:
        ValueError: there are both.
    """
    if len({isinstance(example.labels, int) for example in examples}) > 1:
        raise ValueError("expected one label a word, or one label a text, in all examples")


def _labels(examples: Sequence[EncodedExample]) -> torch.Tensor:
    """Return the labels of texts, shape [rows], of positions or of the ends of answers."""
    import torch

    words: list[Any] = [one.labels for one in examples if not isinstance(one.labels, int)]
    if not words:
        return torch.tensor([example.labels for example in examples])
    return _stacked(words, max(map(len, words)), IGNORED)


def _stacked(rows: Sequence[Sequence[int]], width: int, filler: int) -> torch.Tensor:
    """Return rows of different lengths as one tensor, shape [rows, width]."""
    import torch

    stacked = np.full((len(rows), width), filler, dtype=np.int64)
    for row, values in zip(stacked, rows, strict=True):
        row[: len(values)] = values
    return torch.from_numpy(stacked)
