"""Exact log-probability of text under a causal language model, in bits."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

Ids = Sequence[int]
# Logits are copied and made float32 for so many tokens at once. On a GPU: a vocabulary of 250,000
# takes 1 GB for 1,000. On a CPU: so many numbers stay in its cache.
_TOKENS_AT_ONCE: Final = 512
_NUMBERS_IN_CACHE: Final = 2**18
# A batch of this share of the positions ends where a window has less than this share of the first.
_ENOUGH: Final = 1 / 8
_LIKE: Final = 0.85


@dataclass(frozen=True)
class Windows:
    """How text longer than the context is cut.

    Args:
        length: positions of a window, the start token included.
        stride: tokens that a window scores; the others before them are context. Below `length`:
            the first scored token needs something before it.
        tokens: positions of a batch, padding included; the result does not depend on it.
    """

    length: int
    stride: int
    tokens: int = 4096

    def __post_init__(self) -> None:
        """Refuse windows that would leave a token without context.

        Raises:
            ValueError: they would.
        """
        if not (self.length >= 2 and 1 <= self.stride < self.length):
            raise ValueError(
                f"stride should be 1 to length - 1. Found length {self.length}, "
                f"stride {self.stride}."
            )

    def of(self, n_ids: int) -> Iterator[tuple[int, int, int]]:
        """Yield first position, position after the last, and first scored one of each window.

        Args:
            n_ids: tokens of a text, the start token included.

        Example:
            >>> list(Windows(4, 2).of(4)), list(Windows(4, 2).of(7))
            ([(0, 4, 1)], [(0, 4, 1), (2, 6, 4), (4, 7, 6)])
        """
        scored = 1
        while scored < n_ids:
            # The first window has no token before it that could be context: it is scored whole.
            begin = 0 if scored == 1 else scored - (self.length - self.stride)
            end = min(begin + self.length, n_ids)
            yield begin, end, scored
            scored = end


def causal_bits(
    model: nn.Module, texts: Sequence[Ids], start_id: int, windows: Windows
) -> NDArray[np.float64]:
    """Return the bits of each text: the sum of -log2 p(token | start token, tokens before it).

    Every token is scored once, the first one after the start token; the end of a text is not
    scored, for it is no byte of it. Divided by the UTF-8 bytes of the texts this can be compared
    between vocabularies: it is the length of a code for the same bytes. (The probability of a text
    is at least that of the one segmentation that is scored here.)

    Args:
        model: of Hugging Face, in evaluation mode; called with ids alone, padded on the right,
            which a causal model does not see.
        texts: ids of each, without special tokens.
        start_id: what each begins with.
        windows: how longer texts are cut.

    Returns:
        Bits, shape [texts].
    """
    rows = [np.array([start_id, *text], dtype=np.int64) for text in texts]
    parts = [(index, *one) for index, row in enumerate(rows) for one in windows.of(len(row))]
    parts.sort(key=lambda one: one[1] - one[2])  # like lengths together, the longest first
    device = next(model.parameters()).device
    nats = np.zeros(len(texts))
    with torch.inference_mode():
        for batch in _batches(parts, windows.tokens):
            ids = np.full((len(batch), max(end - begin for _, begin, end, _ in batch)), start_id)
            for place, (index, begin, end, _) in enumerate(batch):
                ids[place, : end - begin] = rows[index][begin:end]
            found = _scored(model, torch.from_numpy(ids).to(device), batch)
            np.add.at(nats, [index for index, *_ in batch], found)
    return nats / math.log(2)


def _batches(
    parts: Sequence[tuple[int, int, int, int]], tokens: int
) -> Iterator[list[tuple[int, int, int, int]]]:
    """Yield windows of like length, the longest first, as many as fit; at least one.

    Once a batch is worth its while, no much shorter window is padded into it.
    """
    batch: list[tuple[int, int, int, int]] = []
    for part in parts:
        longest = batch[0][2] - batch[0][1] if batch else 0
        is_full = longest * (len(batch) + 1) > tokens
        is_worth = longest * len(batch) >= _ENOUGH * tokens
        if batch and (is_full or (is_worth and part[2] - part[1] < _LIKE * longest)):
            yield batch
            batch = []
        batch.append(part)
    if batch:
        yield batch


def _scored(
    model: nn.Module, ids: Tensor, batch: Sequence[tuple[int, int, int, int]]
) -> NDArray[np.float64]:
    """Return the nats of each window's own tokens, shape [windows]."""
    logits = model(input_ids=ids, use_cache=False).logits
    rows, places = [], []
    for row, (_, begin, end, scored) in enumerate(batch):
        places.append(np.arange(scored - begin, end - begin))
        rows.append(np.full(end - scored, row))
    row, place = np.concatenate(rows), np.concatenate(places)
    at = torch.from_numpy(row).to(ids.device), torch.from_numpy(place).to(ids.device)
    labels = ids[at]
    in_cache = max(_NUMBERS_IN_CACHE // logits.shape[-1], 8)
    at_once = in_cache if ids.device.type == "cpu" else _TOKENS_AT_ONCE
    losses = [
        cross_entropy(logits[at[0][some], at[1][some] - 1].float(), labels[some], reduction="none")
        for some in torch.arange(len(row), device=ids.device).split(at_once)
    ]
    nats = torch.cat(losses).double().cpu().numpy()
    return np.bincount(row, weights=nats, minlength=len(batch)).astype(np.float64)
