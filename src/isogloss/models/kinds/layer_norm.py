"""Layer norms of its own for each slot, in place of the shared ones."""

from collections.abc import Mapping
from functools import partial
from types import MappingProxyType
from typing import Final, cast

import torch
from torch import Tensor, nn
from torch.nn.functional import layer_norm

from isogloss.core import look_up
from isogloss.models.kinds.contract import LanguageModule, Site
from isogloss.models.kinds.replacement import (
    OF_CHECKPOINT,
    options_of,
    stacked,
    stand_in,
    starts_as_copy,
)
from isogloss.models.module_spec import ModuleSpec
from isogloss.models.slab import apply_by_slot, current_routing

_OPTIONS = MappingProxyType({"initialise": "independent", "norms": "all"})
_OUTER: Final[Mapping[str, bool]] = {"all": True, "inside": False}


class LayerNorms(LanguageModule):
    """All layer norms of a layer, replicated: y = g_l (x - mean) / sqrt(var + eps) + h_l.

    Where the architecture has root mean square norms (EuroBERT): y = g_l x / sqrt(mean x^2 + eps).

    Options: `norms`: `all` (as the paper's code: the norm before the first layer goes with that
    layer and the norm after the last, where the architecture has one, with the last) or `inside`
    (those in layers only); `initialise`: `independent` (from scratch: ones and zeros, as every
    layer norm begins) or `copy` (the default from a checkpoint). A BERT of n layers has 2n + 1
    norms of 2d numbers. The norm of the prediction head stays shared.

    Reference:
        Wang, Lipton, Tsvetkov. On Negative Interference in Multilingual Models. 2020; their code,
        `lang_specific_LN` (in no table). https://arxiv.org/abs/2010.03017
    """

    of_checkpoint = OF_CHECKPOINT

    def __init__(self, spec: ModuleSpec, site: Site) -> None:
        super().__init__(spec, site)
        options = options_of(spec, _OPTIONS)
        outer = look_up(_OUTER, options["norms"], "`norms` of layer norms")
        copies = starts_as_copy(options["initialise"])
        self.norms = nn.ModuleDict()
        for key, path in _places(site, outer=outer).items():
            original = site.backbone.get_submodule(path)
            if next(original.parameters(), None) is None:
                continue  # ModernBERT's first layer has an identity here.
            slabs = stacked([original] * spec.n_slots)
            if not copies:
                slabs = {name: _begin(name, slab) for name, slab in slabs.items()}
            eps, centred = _settings(original)
            self.norms[key] = Norm(slabs, eps, centred=centred)
            self.replaced = (*self.replaced, path)

    def attach(self, site: Site) -> None:
        """Replace the layer norms."""
        stand_in(self, self.norms, site)


def _places(site: Site, *, outer: bool) -> dict[str, str]:
    """Return the norms that go with a layer: key -> path in the masked-LM model."""
    inside = site.attachment.norms
    keys = [path.replace(".", "_") for path in inside]
    places = dict(zip(keys, site.paths(inside), strict=True))
    if outer and site.index == 0:
        first = site.attachment.embedding_norm
        places |= {} if first is None else {"embedding_norm": first}
    final = site.attachment.final_norm
    if outer and final is not None and site.index == site.config.num_hidden_layers - 1:
        places["final_norm"] = final
    return places


def _settings(norm: nn.Module) -> tuple[float, bool]:
    """Return the epsilon of a norm, and whether it subtracts the mean."""
    if isinstance(norm, nn.LayerNorm):
        return norm.eps, True
    return cast(float, norm.variance_epsilon), False  # as Hugging Face calls it in every RMS norm


def _begin(name: str, slab: Tensor) -> Tensor:
    return torch.ones_like(slab) if name == "weight" else torch.zeros_like(slab)


class Norm(nn.Module):
    """A layer norm of each slot: weight [slots, hidden] and, where the original has one, a bias.

    Args:
        slabs: by the original's parameter names, each with a leading axis of slots.
        eps: added to the variance.
        centred: whether the mean is subtracted; else it is a root mean square norm.
    """

    def __init__(self, slabs: Mapping[str, Tensor], eps: float, *, centred: bool = True) -> None:
        super().__init__()
        self.weight = nn.Parameter(slabs["weight"])
        self.bias = nn.Parameter(slabs["bias"]) if "bias" in slabs else None
        self.eps = eps
        self.centred = centred

    def forward(self, x: Tensor, slots: tuple[int, ...]) -> Tensor:
        """Return the normed vectors, scaled and shifted by each row's slot, in the shape of `x`.

        Args:
            x: shape [rows, length, hidden], rows grouped as the current routing says.
            slots: slot of each language.
        """
        slabs = (self.weight,) if self.bias is None else (self.weight, self.bias)
        norm = partial(_norm if self.centred else _rms_norm, self.eps)
        return apply_by_slot(norm, x, slabs, current_routing().runs(slots))


def _norm(
    eps: float, _linear: object, x: Tensor, weight: Tensor, bias: Tensor | None = None
) -> Tensor:
    """Norm rows of one slot, weight [hidden], or runs [runs, n, hidden], weight [runs, hidden]."""
    if weight.ndim == 1:
        return layer_norm(x, x.shape[-1:], weight, bias, eps)
    normed = layer_norm(x, x.shape[-1:], eps=eps)
    scaled = normed * weight.unsqueeze(1)
    return (scaled if bias is None else scaled + bias.unsqueeze(1)).to(normed.dtype)


def _rms_norm(eps: float, _linear: object, x: Tensor, weight: Tensor) -> Tensor:
    """Scale rows of one slot, or runs, as `_norm`, by their root mean square."""
    wide = x.float()
    normed = (wide * torch.rsqrt(wide.pow(2).mean(-1, keepdim=True) + eps)).to(x.dtype)
    return (weight if weight.ndim == 1 else weight.unsqueeze(1)) * normed
