"""Nearest-neighbour retrieval on parallel text: do translations lie near one another?"""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from isogloss.data import Tokenizer
from isogloss.evaluation.inference import batches_by_length, inference, padded
from isogloss.evaluation.metrics import retrieval_counts
from isogloss.evaluation.metrics.counts import nearest
from isogloss.evaluation.predictions import Cell, PredictionTable
from isogloss.models import MultilingualModel


def evaluate_retrieval(
    model: MultilingualModel,
    pairs: Sequence[tuple[str, str]],
    tokenizer: Tokenizer,
    language_indices: tuple[int, int],
    *,
    cell: Cell,
    max_length: int = 128,
    batch_size: int = 64,
) -> PredictionTable:
    """Find each sentence's translation among all, by cosine, in both directions.

    Args:
        model: left as it was.
        pairs: sentences of the source language and their translations.
        tokenizer: the model's tokenizer.
        language_indices: of the two languages' modules.
        cell: what the numbers are called; its metric is `retrieval_accuracy`.
        max_length: most positions of a sentence, cls and sep included.
        batch_size: sentences at once; the result does not depend on it.

    Returns:
        (correct, total) of each pair over both directions, and "forward backward" indices found.

    Reference:
        Mikel Artetxe and Holger Schwenk (2019). Massively Multilingual Sentence Embeddings for
        Zero-Shot Cross-Lingual Transfer and Beyond (Tatoeba). https://arxiv.org/abs/1812.10464
    """
    first, second = (
        embed(
            model,
            _rows([pair[side] for pair in pairs], tokenizer, max_length),
            tokenizer,
            language_indices[side],
            batch_size=batch_size,
        )
        for side in (0, 1)
    )
    forward, backward = nearest(first, second, 1_024), nearest(second, first, 1_024)
    said = tuple(f"{there} {back}" for there, back in zip(forward, backward, strict=True))
    return PredictionTable(cell, retrieval_counts(pairs, forward, backward), said)


def embed(
    model: MultilingualModel,
    rows: Sequence[Sequence[int]],
    tokenizer: Tokenizer,
    language_index: int,
    *,
    batch_size: int = 64,
) -> NDArray[np.float64]:
    """Return the mean hidden vector of each row's tokens, cls and sep included, at length 1.

    Args:
        model: left as it was.
        rows: ids of each sentence.
        tokenizer: gives the padding.
        language_index: which language's modules the rows run through.
        batch_size: rows at once.

    Returns:
        Shape [rows, hidden].
    """
    vectors = np.zeros((len(rows), model.hidden_size))
    with inference(model) as device:
        for batch in batches_by_length([len(row) for row in rows], batch_size):
            ids, mask = padded([rows[index] for index in batch], tokenizer.pad_id)
            mask = None if mask is None else mask.to(device)
            language = torch.full((len(batch),), language_index)
            hidden = model.encode(ids.to(device), mask, language)
            vectors[batch] = _mean(hidden.double(), mask).cpu().numpy()
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)


def _rows(lines: list[str], tokenizer: Tokenizer, max_length: int) -> list[list[int]]:
    """Return each line as cls, tokens and sep."""
    return [
        [tokenizer.cls_id, *ids[: max_length - 2], tokenizer.sep_id]
        for ids in tokenizer.encode(lines)
    ]


def _mean(hidden: Tensor, mask: Tensor | None) -> Tensor:
    """Return the mean over the positions that are not padding."""
    if mask is None:
        return hidden.mean(dim=1)
    weight = mask.to(hidden.dtype).unsqueeze(-1)
    return (hidden * weight).sum(dim=1) / weight.sum(dim=1)
