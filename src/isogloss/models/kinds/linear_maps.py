"""Slabs that stand for linear maps of a layer, one slice a slot."""

from collections.abc import Callable, Mapping, Sequence
from inspect import signature

import torch
from torch import Tensor, nn

from isogloss.models.kinds.contract import Site
from isogloss.models.kinds.replacement import stacked, starts_as_copy
from isogloss.models.module_spec import ModuleSpec
from isogloss.models.slab import apply_by_slot, current_routing, seeded


class LinearMap(nn.Module):
    """A linear map of each slot: weight [slots, out, in] and, where the original has one, a bias.

    Args:
        slabs: by the original's parameter names, each with a leading axis of slots.
    """

    def __init__(self, slabs: Mapping[str, Tensor]) -> None:
        super().__init__()
        self.weight = nn.Parameter(slabs["weight"])
        self.bias = nn.Parameter(slabs["bias"]) if "bias" in slabs else None

    def forward(self, x: Tensor, slots: tuple[int, ...]) -> Tensor:
        """Return x W^T + b, [rows, length, out], with W and b of each row's slot.

        Args:
            x: shape [rows, length, in], rows grouped as the current routing says.
            slots: slot of each language.
        """
        slabs = (self.weight,) if self.bias is None else (self.weight, self.bias)
        return apply_by_slot(_map, x, slabs, current_routing().runs(slots))


def _map(
    linear: Callable[..., Tensor], x: Tensor, weight: Tensor, bias: Tensor | None = None
) -> Tensor:
    return linear(x, weight, bias)


def linear_maps(
    spec: ModuleSpec, site: Site, paths: Sequence[str], *, initialise: str
) -> nn.ModuleDict:
    """Return slabs for linear maps of a layer.

    Args:
        spec: gives kind and slots.
        site: where.
        paths: of the maps in the layer.
        initialise: `independent`: each slot drawn as the architecture draws these maps; `copy`:
            each slot as the originals are.

    Returns:
        `LinearMap` by path, its dots as underscores.
    """
    copies = starts_as_copy(initialise)
    layers = [
        site.layer if copies else _fresh_layer(site, spec.kind, slot, paths)
        for slot in range(spec.n_slots)
    ]
    return nn.ModuleDict(
        {
            path.replace(".", "_"): LinearMap(
                stacked([layer.get_submodule(path) for layer in layers])
            )
            for path in paths
        }
    )


def _fresh_layer(site: Site, kind: str, slot: int, paths: Sequence[str]) -> nn.Module:
    """Return a layer whose maps at `paths` are drawn by the architecture's own rule.

    ModernBERT scales a map by its part in the layer, so the rule is applied to the modules that
    hold the maps. The values depend on the seed, the kind, the layer and the slot only.
    """
    with torch.device("meta"):
        layer = _new_layer(type(site.layer), site)
    generator = seeded(site.seed, site.position, kind, site.index, slot)
    with torch.random.fork_rng(devices=[]):
        # Hugging Face draws from the global generator and knows no other.
        torch.default_generator.manual_seed(generator.initial_seed())
        for owner in dict.fromkeys(path.rpartition(".")[0] for path in paths):
            module = layer.get_submodule(owner).to_empty(device="cpu")
            # Hugging Face has no public name for an architecture's own initial values.
            module.apply(site.backbone._init_weights)  # pyright: ignore[reportPrivateUsage]
    return layer


def _new_layer(kind: Callable[..., nn.Module], site: Site) -> nn.Module:
    """Return a layer of the site's number, which only some architectures ask for."""
    if "layer_idx" in signature(kind).parameters:
        return kind(site.config, layer_idx=site.index)
    return kind(site.config)
