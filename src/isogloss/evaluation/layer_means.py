"""Sentences as one vector per layer: the mean hidden vector of their tokens."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from isogloss.data import Tokenizer
from isogloss.evaluation.inference import batches_by_length, inference, padded
from isogloss.models import MultilingualModel


def layer_means(
    model: MultilingualModel,
    sentences: Sequence[str],
    tokenizer: Tokenizer,
    language_index: int,
    *,
    max_length: int = 128,
    batch_size: int = 32,
) -> NDArray[np.float64]:
    """Return each sentence's mean hidden vector after each layer, special tokens left out.

    Args:
        model: left as it was.
        sentences: each with at least one token.
        tokenizer: the model's tokenizer.
        language_index: which language's modules the sentences run through.
        max_length: most tokens of a sentence, cls and sep included; the rest is cut off.
        batch_size: sentences at once; the result does not depend on it.

    Returns:
        Shape [layers + 1, sentences, hidden]: first what enters the first layer, last what the
        encoder gives out.
    """
    rows = [
        [tokenizer.cls_id, *ids[: max_length - 2], tokenizer.sep_id]
        for ids in tokenizer.encode(sentences)
    ]
    found = np.zeros((model.n_layers + 1, len(rows), model.hidden_size))
    with inference(model) as device, _layer_inputs(model) as inputs:
        for batch in batches_by_length([len(row) for row in rows], batch_size):
            chosen = [rows[index] for index in batch]
            ids, mask = padded(chosen, tokenizer.pad_id)
            inputs.clear()
            last = model.encode(
                ids.to(device),
                None if mask is None else mask.to(device),
                torch.full((len(batch),), language_index),
            )
            lengths = torch.tensor([len(row) for row in chosen], device=device)
            for layer, hidden in enumerate([*inputs, last]):
                found[layer, batch] = _mean(hidden.double(), lengths).cpu().numpy()
    return found


@contextmanager
def _layer_inputs(model: MultilingualModel) -> Iterator[list[Tensor]]:
    """Collect what enters each layer, in the order of the layers, while a batch runs."""
    inputs: list[Tensor] = []

    def note(_: torch.nn.Module, args: tuple[Any, ...], named: dict[str, Any]) -> None:
        inputs.append(args[0] if args else named["hidden_states"])

    layers = model.attachment.layers_of(model.backbone)
    handles = [layer.register_forward_pre_hook(note, with_kwargs=True) for layer in layers]
    try:
        yield inputs
    finally:
        for handle in handles:
            handle.remove()


def _mean(hidden: Tensor, lengths: Tensor) -> Tensor:
    """Return the mean over the tokens between cls and sep, shape [rows, hidden]."""
    places = torch.arange(hidden.shape[1], device=hidden.device)
    inside = ((places > 0) & (places < lengths[:, None] - 1)).to(hidden.dtype)
    return torch.einsum("rld,rl->rd", hidden, inside) / inside.sum(dim=1, keepdim=True)
