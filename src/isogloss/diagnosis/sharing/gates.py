"""Gates on the linear maps of a frozen model: where they stand, and a forward pass through them."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, Literal

import torch
from torch import Tensor, nn
from torch.nn.functional import linear

from isogloss.core import InputError
from isogloss.models import MultilingualModel

GateKind = Literal["columns", "units", "weights"]
Sublayer = Literal["attention", "feed_forward"]
GATE_KINDS: Final[tuple[GateKind, ...]] = ("columns", "units", "weights")


@dataclass(frozen=True, eq=False)
class GatePlace:
    """Gates at one linear map y = W x + b.

    Attributes:
        layer: number of the layer, from 0.
        sublayer: which half of it.
        name: path of the map in the layer.
        module: the map.
        n_gates: of this place. As many as the map has inputs, or a divisor of it: a gate on that
            many inputs side by side (an attention head). As many as the map has weights: a gate on
            each weight.
    """

    layer: int
    sublayer: Sublayer
    name: str
    module: nn.Linear
    n_gates: int

    @property
    def by_weight(self) -> bool:
        """Whether each weight has its own gate."""
        return self.n_gates == self.module.weight.numel() > self.module.in_features

    @property
    def weights_per_gate(self) -> int:
        """How many weights of the map a gate multiplies."""
        return self.module.weight.numel() // self.n_gates


def gate_places(model: MultilingualModel, kind: GateKind) -> tuple[GatePlace, ...]:
    """Return where gates of a kind stand in a model, from the first layer to the last.

    `columns` (the default of the sharing map): one gate for each input of each linear map of
    attention and feed-forward part, y = W (z * x) + b; 9 d gates for a layer of BERT with width d.
    `units`: one for each attention head, on what it gives to the output projection, and one for
    each hidden unit of the feed-forward part. `weights`: one for each single weight.

    Embeddings, norms, biases and the prediction head have no gates, and neither have maps that
    language-specific modules stand for.

    Args:
        model: of any attached architecture.
        kind: see above.

    Returns:
        The places. An architecture that fuses maps (ModernBERT: queries, keys and values) has one
        place for what is fused.

    Raises:
        InputError: language-specific modules stand for all maps.

    Differs from the paper:
        Wang, Lipton and Tsvetkov (2020) say that "a group of parameters" has a gate and not which;
        `columns` are those of Wang, Wohlwend and Lei (2020), whose method they use.
    """
    attachment = model.attachment
    replaced = {path for _, _, module in model.attached_modules() for path in module.replaced}
    maps: dict[Sublayer, tuple[str, ...]] = {
        "attention": attachment.attention_maps,
        "feed_forward": attachment.feed_forward_maps,
    }
    if kind == "units":
        maps = {
            "attention": (attachment.attention_projection,),
            "feed_forward": (attachment.feed_forward_maps[-1],),
        }
    heads = int(model.backbone.config.num_attention_heads)
    places = [
        GatePlace(number, sublayer, path, module, _n_gates(module, kind, sublayer, heads))
        for number, layer in enumerate(attachment.layers_of(model.backbone))
        for sublayer, paths in maps.items()
        for path in paths
        if f"{attachment.layers}.{number}.{path}" not in replaced
        and isinstance(module := layer.get_submodule(path), nn.Linear)
    ]
    if not places:
        raise InputError(
            expected="a model with linear maps that all languages use",
            found="language-specific modules in place of all of them",
            where="the model whose sharing is asked for",
            next_step="Ask it of the untreated model of the same languages.",
        )
    return tuple(places)


def _n_gates(module: nn.Linear, kind: GateKind, sublayer: Sublayer, heads: int) -> int:
    if kind == "weights":
        return module.weight.numel()
    return heads if kind == "units" and sublayer == "attention" else module.in_features


def gate_sizes(places: Sequence[GatePlace]) -> Tensor:
    """Return how many weights each gate multiplies, all places one after the other, [gates]."""
    parts = [torch.full((one.n_gates,), float(one.weights_per_gate)) for one in places]
    return torch.cat(parts)


@contextmanager
def gated(
    places: Sequence[GatePlace], gates: Tensor, rows: Tensor, chosen: Tensor | None = None
) -> Iterator[None]:
    """Run forward passes inside through gates; the weights are not touched.

    Several sets of gates work in one batch: each row goes through its own set, and the result is
    that of a pass for each set. Gradients reach the gates alone where the weights are frozen.

    Args:
        places: where the gates stand.
        gates: z, shape [sets, gates], the gates of all places one after the other.
        rows: set of each row, shape [rows], ascending; on the gates' device.
        chosen: set of each chosen position, shape [n], ascending, for a last layer that is computed
            at these only (`MultilingualModel.encode_at`).

    Raises:
        ValueError: gates for other places.
    """
    parts = gates.split([one.n_gates for one in places], dim=-1)
    pass_ = _GatedPass(gates.shape[0], rows, chosen)
    undo: list[Callable[[], object]] = []
    try:
        for place, part in zip(places, parts, strict=True):
            if place.by_weight:
                shape = (-1, *place.module.weight.shape)
                # A hook cannot change the weight of one call: the map's own forward is covered.
                call = partial(pass_.through_weights, place.module, part.reshape(shape))
                place.module.forward = call  # pyright: ignore[reportAttributeAccessIssue]
                undo.append(partial(delattr, place.module, "forward"))
            else:
                width = place.module.in_features // place.n_gates
                wide = part if width == 1 else part.repeat_interleave(width, dim=-1)
                hook = partial(pass_.scale_inputs, wide)
                # Last in line: hooks that were there before have chosen their positions by then.
                undo.append(place.module.register_forward_pre_hook(hook).remove)
        yield
    finally:
        for one in undo:
            one()


class _GatedPass:
    """What the maps do in one gated pass."""

    def __init__(self, n_sets: int, rows: Tensor, chosen: Tensor | None) -> None:
        self._n_sets, self._rows, self._chosen = n_sets, rows, chosen

    def scale_inputs(
        self, gates: Tensor, _module: nn.Module, args: tuple[Any, ...]
    ) -> tuple[Any, ...]:
        """Multiply the inputs, [rows, length, in] or [n, in], with the gates [sets, in]."""
        x = args[0]
        if self._n_sets == 1:
            return (x * gates[0], *args[1:])
        own = gates[self._sets_of(x)]
        return (x * (own.unsqueeze(1) if x.dim() == 3 else own), *args[1:])

    def through_weights(self, module: nn.Linear, gates: Tensor, x: Tensor) -> Tensor:
        """Return (z * W) x + b with the z of each row, from gates [sets, out, in]."""
        weights = gates * module.weight
        if self._n_sets == 1:
            return linear(x, weights[0], module.bias)
        counts = torch.bincount(self._sets_of(x), minlength=self._n_sets).tolist()
        parts = zip(x.split(counts), weights, strict=True)
        return torch.cat([linear(part, weight, module.bias) for part, weight in parts])

    def _sets_of(self, x: Tensor) -> Tensor:
        """Return the set of gates of each entry of the first axis."""
        found = self._rows if x.dim() == 3 else self._chosen
        assert found is not None and len(found) == x.shape[0], (
            "a map of other rows than the batch's"
        )
        return found


@contextmanager
def frozen(model: nn.Module) -> Iterator[None]:
    """Switch dropout and the gradients of all weights off inside; each gets its own mode back."""
    modes = [(module, module.training) for module in model.modules()]
    flags = [(one, one.requires_grad) for one in model.parameters()]
    model.eval().requires_grad_(False)
    try:
        yield
    finally:
        for module, training in modes:
            module.training = training
        for one, learned in flags:
            one.requires_grad_(learned)
