"""An encoder layer by layer: two texts that go through it side by side and meet where asked.

The body makes the embeddings, masks and positions as it always does; its layers then run one at a
time. Nothing of an architecture is written again here, so a stream that meets nobody has the bits
of `MultilingualModel.encode`.
"""

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Self

import torch
from torch import Tensor, nn

from isogloss.core import InputError
from isogloss.data import Routing
from isogloss.models.crossing import CrossedLayer, Crossing
from isogloss.models.multilingual import MultilingualModel
from isogloss.models.refusals import refuse_long_rows


@dataclass(frozen=True)
class Stream:
    """Rows on their way through the layers of an encoder; made by `Stream.opened`.

    Attributes:
        model: the encoder.
        hidden: shape [rows, length, hidden].
        mask: 1 for a token and 0 for padding, shape [rows, length]; None = no padding.
        inputs: what each layer is given besides the hidden vectors, by name.
        routing: languages of the rows; None without language-specific modules.
    """

    model: MultilingualModel
    hidden: Tensor
    mask: Tensor | None
    inputs: tuple[Mapping[str, Any], ...]
    routing: Routing | None

    @classmethod
    def opened(
        cls,
        model: MultilingualModel,
        input_ids: Tensor,
        attention_mask: Tensor | None,
        language: Tensor | Routing | None,
    ) -> Self:
        """Return rows before the first layer; arguments of `MultilingualModel.encode`.

        Raises:
            InputError: as `encode`, or an architecture whose attention is more than maps of states.
            ValueError: rows of one language that do not stand together.
        """
        _refuse_relative(model)
        refuse_long_rows(input_ids, model.attachment.longest_input(model.backbone.config))
        routing = model.route(language, input_ids.shape[0])
        if routing is not None and routing.order is not None:
            raise ValueError("expected the rows of each language together, as samplers give them")
        layers = model.attachment.layers_of(model.backbone)
        seen: list[tuple[Tensor, Mapping[str, Any]]] = []
        with model.running(routing), _standing_still(layers, seen):
            model.attachment.encode(model.backbone, input_ids, attention_mask)
        inputs = tuple(inputs for _, inputs in seen)
        return cls(model, seen[0][0], attention_mask, inputs, routing)

    @property
    def real(self) -> Tensor:
        """The mask, all ones where nothing is padded, shape [rows, length], bool."""
        if self.mask is None:
            return torch.ones(self.hidden.shape[:2], dtype=torch.bool, device=self.hidden.device)
        return self.mask.bool()

    def through(self, first: int, last: int) -> Self:
        """Return the stream after layers `first` to `last` - 1."""
        hidden, layers = self.hidden, self.model.attachment.layers_of(self.model.backbone)
        with self.model.running(self.routing):
            for number in range(first, last):
                hidden = layers[number](hidden, **self.inputs[number])
        return replace(self, hidden=hidden)

    def closed(self) -> Tensor:
        """Return the last hidden vectors of a stream that is through, [rows, length, hidden]."""
        final = self.model.attachment.final_norm
        if final is None:
            return self.hidden
        with self.model.running(self.routing):
            return self.model.backbone.get_submodule(final)(self.hidden)

    def crossed(
        self, source: Self, number: int, mix: Callable[[Crossing], Tensor]
    ) -> tuple[Self, Self]:
        """Run a layer on both streams, and let this one's attention be mixed with the source's.

        The source goes through the plain layer. Queries are made of the target's states after its
        own attention, keys and values of the source's at the same place, each with its own
        positions and through its own language's modules. In a pre-norm body both go through the
        norm before the attention first, as all that the maps are given does.

        Args:
            source: before the layer; as many rows.
            number: of the layer, from 0.
            mix: gives what stands in the place of `Crossing.own`.

        Returns:
            Target and source after the layer.
        """
        layer = CrossedLayer(self.model, number)
        states: list[Tensor] = []

        def remember(own: Tensor) -> Tensor:
            states.append(layer.states(own, source.hidden))
            return own

        with layer.attended(remember):
            next_source = source.through(number, number + 1)
        with self.model.running(source.routing):
            keys, values = layer.keys_and_values(states[0], source.inputs[number])

        def cross(own: Tensor) -> Tensor:
            queries = layer.queries(layer.states(own, self.hidden), self.inputs[number])
            parts = (layer.output, layer.norm, layer.dropout)
            return mix(Crossing(own, queries, keys, values, self.real, source.real, *parts))

        with layer.attended(cross):
            next_target = self.through(number, number + 1)
        return next_target, next_source

    def joined(self, source: Self) -> Self:
        """Return both streams as one, this one's positions first, for layers that see both.

        Positions begin anew in the source. Where a layer's attention is local, it is local within
        each text and open between them. Language-specific modules take the target's language.
        """
        additive = self.model.attention == "eager" or not self.model.attachment.fused
        inputs = tuple(
            _joined_inputs(number, self, source, additive=additive)
            for number in range(len(self.inputs))
        )
        hidden = torch.cat([self.hidden, source.hidden], dim=1)
        mask = torch.cat([self.real, source.real], dim=1).long()
        return replace(self, hidden=hidden, mask=mask, inputs=inputs)

    def parted(self, target: Self, source: Self) -> tuple[Self, Self]:
        """Return what `joined` made one as two again, with the inputs that each had."""
        length = target.hidden.shape[1]
        return (
            replace(target, hidden=self.hidden[:, :length]),
            replace(source, hidden=self.hidden[:, length:]),
        )


@contextmanager
def _standing_still(
    layers: Sequence[nn.Module], seen: list[tuple[Tensor, Mapping[str, Any]]]
) -> Iterator[None]:
    """Let layers return what they are given, and note what that is."""
    before = [vars(layer).get("forward") for layer in layers]
    for layer in layers:
        names = tuple(inspect.signature(type(layer).forward).parameters)[2:]
        layer.forward = partial(_note, seen, names)
    try:
        yield
    finally:
        for layer, own in zip(layers, before, strict=True):
            if own is None:
                del layer.forward
            else:
                layer.forward = own


def _note(
    seen: list[tuple[Tensor, Mapping[str, Any]]],
    names: tuple[str, ...],
    hidden_states: Tensor,
    *args: object,
    **kwargs: object,
) -> Tensor:
    seen.append((hidden_states, {**dict(zip(names, args, strict=False)), **kwargs}))
    return hidden_states


def _joined_inputs(
    number: int, target: Stream, source: Stream, *, additive: bool
) -> dict[str, Any]:
    """Return what layer `number` is given for two texts in one row."""
    first, second = target.inputs[number], source.inputs[number]
    inputs = dict(first)
    if first.get("position_embeddings") is not None:
        pairs = zip(first["position_embeddings"], second["position_embeddings"], strict=True)
        inputs["position_embeddings"] = tuple(torch.cat(pair, dim=1) for pair in pairs)
    if first.get("position_ids") is not None:
        inputs["position_ids"] = torch.cat([first["position_ids"], second["position_ids"]], -1)
    allowed = _joined_mask(
        first.get("attention_mask"), second.get("attention_mask"), target, source
    )
    if additive and allowed is not None:
        like = target.hidden
        allowed = torch.where(allowed, 0.0, torch.finfo(like.dtype).min).to(like.dtype)
    inputs["attention_mask"] = allowed
    return inputs


def _joined_mask(
    first: Tensor | None, second: Tensor | None, target: Stream, source: Stream
) -> Tensor | None:
    """Return who may look at whom in one row, shape [rows, 1, length, length]; None = all."""
    if first is None and second is None and target.mask is None and source.mask is None:
        return None
    t, s = target.real, source.real
    # Between the texts every real position is seen, from padded ones too: no row of the softmax is
    # then empty.
    n_t, n_s = t.shape[1], s.shape[1]
    upper = torch.cat([_allowed(first, t), s[:, None, None].expand(-1, 1, n_t, -1)], dim=-1)
    lower = torch.cat([t[:, None, None].expand(-1, 1, n_s, -1), _allowed(second, s)], dim=-1)
    return torch.cat([upper, lower], dim=-2)


def _allowed(mask: Tensor | None, real: Tensor) -> Tensor:
    """Return a layer's own mask as true and false, shape [rows, 1, length, length]."""
    rows, length = real.shape
    if mask is None:
        found = real[:, None, None]
    elif mask.dtype == torch.bool:
        found = mask
    else:
        found = mask >= 0
    return found.expand(rows, 1, length, length)


def _refuse_relative(model: MultilingualModel) -> None:
    """Refuse an attention whose scores are more than products of queries and keys."""
    if model.attachment.maps_positions:
        raise InputError(
            expected="an encoder whose attention is queries, keys and values of the states alone",
            found=f"`{model.backbone.config.model_type}`, whose maps are given relative positions "
            "too",
            where="attention of one text on another",
            next_step="Use BERT, XLM-R, ModernBERT, DistilBERT or EuroBERT.",
        )
