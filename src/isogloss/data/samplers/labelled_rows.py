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
    beside = {
        name: labelled_batch(
            [example.beside[name] for example in examples], _own(examples, name, language), pad_id
        )
        for name in examples[0].beside
    }
    rows = torch.from_numpy(language)
    return Batch(ids, mask if padded else None, rows, _labels(examples), beside)


def _own(
    examples: Sequence[EncodedExample], name: str, language: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return the language of each example's version: its own, or the example's."""
    own = [example.beside[name].language for example in examples]
    pairs = zip(own, language.tolist(), strict=True)
    return np.array([theirs if mine is None else mine for mine, theirs in pairs], dtype=np.int64)


def choose_rows(versions: Sequence[Batch], which: torch.Tensor) -> Batch:
    """Return one version of each row, as wide as the widest, without what stands beside it.

    Args:
        versions: batches of as many rows, on the CPU.
        which: the version of each row, shape [rows].
    """
    import torch

    width = max(one.input_ids.shape[1] for one in versions)
    rows = torch.arange(len(which))
    labels = [one.labels for one in versions]
    masks = [
        torch.ones_like(one.input_ids) if one.attention_mask is None else one.attention_mask
        for one in versions
    ]
    mask = _widened(masks, width, 0)[which, rows]
    return Batch(
        _widened([one.input_ids for one in versions], width, 0)[which, rows],
        None if bool(mask.all()) else mask,
        torch.stack([one.language for one in versions])[which, rows],
        None if any(one is None for one in labels) else _labels_of(versions, width)[which, rows],
    )


def _labels_of(versions: Sequence[Batch], width: int) -> torch.Tensor:
    """Return the labels of all versions, shape [versions, rows, ...]."""
    import torch

    labels = [one.labels for one in versions if one.labels is not None]
    if labels[0].ndim == 2 and labels[0].shape == versions[0].input_ids.shape:
        return _widened(labels, width, IGNORED)
    return torch.stack(labels)


def _widened(values: Sequence[torch.Tensor], width: int, filler: int) -> torch.Tensor:
    """Return tensors [rows, length] of several lengths as one, shape [tensors, rows, width]."""
    import torch

    pad = torch.nn.functional.pad
    return torch.stack([pad(one, (0, width - one.shape[1]), value=filler) for one in values])


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
