"""One layer's attention of a text on another text, made of the layer's own maps and norm.

The library's path for encoder and decoder is not used: its meaning changed between versions, and
the scores themselves are needed.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from isogloss.models.multilingual import MultilingualModel


@dataclass(frozen=True)
class Crossing:
    """One layer's attention of a target on a source, in parts: the layer's own maps and norm.

    Attributes:
        own: what the target's self-attention gave. In a post-norm body, the states after its layer
            norm; in a pre-norm body, the branch before the residual sum.
        queries: of the target's states, shape [rows, heads, length_t, head].
        keys: of the source's states, shape [rows, heads, length_s, head].
        values: the same shape.
        target: real positions of the target, shape [rows, length_t], bool.
        source: real positions of the source, shape [rows, length_s], bool.
        output: from [rows, length_t, hidden] of joined heads to the attention's output, dropout
            included.
        norm: the layer norm after the attention; nothing in a pre-norm body.
        dropout: of the attention's weights, 0 outside training.
    """

    own: Tensor
    queries: Tensor
    keys: Tensor
    values: Tensor
    target: Tensor
    source: Tensor
    output: Callable[[Tensor], Tensor]
    norm: Callable[[Tensor], Tensor]
    dropout: float

    @property
    def scores(self) -> Tensor:
        """Return S = <Q_i, K_j> / sqrt(d_head), shape [rows, heads, length_t, length_s]."""
        return self.queries @ self.keys.transpose(-1, -2) * self.queries.shape[-1] ** -0.5


class CrossedLayer:
    """The attention of one layer of an encoder, in parts; `Stream.crossed` puts them together.

    Args:
        model: the encoder.
        number: of the layer, from 0.
    """

    def __init__(self, model: MultilingualModel, number: int) -> None:
        self._model, config = model, model.backbone.config
        self._layer = model.attachment.layers_of(model.backbone)[number]
        self._post_norm = model.attachment.residual_norm is not None
        self._heads: int = config.num_attention_heads
        self._width: int = getattr(config, "head_dim", None) or config.hidden_size // self._heads
        share = getattr(config, model.attachment.attention_dropout)
        self.dropout: float = share if self._layer.training else 0.0
        self._is_open = True

    def _part(self, path: str) -> nn.Module:
        return self._layer.get_submodule(path)

    @contextmanager
    def attended(self, change: Callable[[Tensor], Tensor]) -> Iterator[None]:
        """Let `change` have what the self-attention gives, and give what follows sees."""
        attachment = self._model.attachment
        path = attachment.norms[0] if self._post_norm else attachment.attention_output

        def hook(_module: nn.Module, _args: object, own: Tensor) -> Tensor:
            if not self._is_open:  # called by `change` itself
                return own
            self._is_open = False
            try:
                return change(own)
            finally:
                self._is_open = True

        handle = self._part(path).register_forward_hook(hook)
        try:
            yield
        finally:
            handle.remove()

    def states(self, own: Tensor, before: Tensor) -> Tensor:
        """Return the states after the attention, as the attention's maps are given states."""
        if self._post_norm:
            return own
        return self._part(self._model.attachment.norms[0])(before + own)

    def queries(self, x: Tensor, inputs: Mapping[str, Any]) -> Tensor:
        """Return the queries of states, shape [rows, heads, length, head]."""
        maps = self._model.attachment.attention_maps
        first = self._part(maps[0])(x)
        if len(maps) == 2:  # one map for all three
            first = first.chunk(3, dim=-1)[0]
        return _turned(self._split(first), inputs)

    def keys_and_values(self, x: Tensor, inputs: Mapping[str, Any]) -> tuple[Tensor, Tensor]:
        """Return the keys and the values of states, shape [rows, heads, length, head] each."""
        maps = self._model.attachment.attention_maps
        if len(maps) == 2:
            _, k, v = self._part(maps[0])(x).chunk(3, dim=-1)
        else:
            k, v = (self._part(path)(x) for path in maps[1:3])
        return _turned(self._split(k), inputs), self._split(v)

    def _split(self, x: Tensor) -> Tensor:
        """Return the heads of a map's output; fewer heads of keys serve several queries each."""
        heads = x.view(*x.shape[:2], -1, self._width).transpose(1, 2)
        return heads.repeat_interleave(self._heads // heads.shape[1], dim=1)

    def output(self, joint: Tensor) -> Tensor:
        """Return the attention's output for joined heads, shape [rows, length, hidden]."""
        attachment = self._model.attachment
        found = self._part(attachment.attention_projection)(joint)
        if attachment.attention_output != attachment.attention_projection:
            found = self._part(attachment.attention_output)(found)
        return found

    def norm(self, x: Tensor) -> Tensor:
        """Return states after the attention's layer norm, or as they are."""
        return self._part(self._model.attachment.norms[0])(x) if self._post_norm else x


def _turned(heads: Tensor, inputs: Mapping[str, Any]) -> Tensor:
    """Return queries or keys with rotary positions, where the body has them."""
    turns = inputs.get("position_embeddings")
    if turns is None:
        return heads
    cos, sin = (one[:, None].to(heads.dtype) for one in turns)
    first, second = heads.chunk(2, dim=-1)
    return heads * cos + torch.cat([-second, first], dim=-1) * sin
