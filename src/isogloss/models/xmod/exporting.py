"""A model of ours as the X-MOD of `transformers`."""

from collections.abc import Iterator
from typing import Final, NamedTuple, cast

import torch
from torch import Tensor
from torch.nn.functional import pad
from transformers import XmodConfig, XmodForMaskedLM

from isogloss.core import InputError
from isogloss.models.kinds.adapter import Adapters, adapter_options
from isogloss.models.module_spec import ModuleSpec
from isogloss.models.multilingual import MultilingualModel
from isogloss.models.xmod.backbone import as_roberta
from isogloss.models.xmod.codes import language_code
from isogloss.models.xmod.layout import LAYER_NORMS, TENSORS, parameter_name

# Where a slot's weight gets units of zeros, as `pad` counts sides: from the last axis backwards.
# Their part of the output is zero times zero.
_UNITS: Final = {"down": (0, 0, 0, 1), "down_bias": (0, 1), "up": (0, 1), "up_bias": (0, 0)}


class Width(NamedTuple):
    """The bottleneck b as X-MOD writes it: a whole number that divides the hidden size.

    Attributes:
        factor: `adapter_reduction_factor`, the largest with hidden size // factor >= b.
        added: hidden size // factor - b units of zeros.
    """

    factor: int
    added: int


def to_xmod(model: MultilingualModel) -> tuple[XmodForMaskedLM, tuple[str, ...]]:
    """Return a copy of the model as X-MOD, with equal outputs for every language.

    The adapters of a group are copied for each of its languages. `lang_ids` of X-MOD is our
    `language`. A model of several languages gets no default language: X-MOD would take it in
    silence wherever `lang_ids` are forgotten.

    Args:
        model: XLM-R or BERT with one set of adapters at `residual` in all layers.

    Returns:
        The X-MOD model, on the CPU and in evaluation mode; and what its user should know.

    Raises:
        InputError: X-MOD cannot hold the model; the message says what is in the way.
    """
    weights, fields = as_roberta(model.backbone)
    spec = _adapters_of(model)
    width = _width(spec, model.hidden_size)
    codes = [language_code(language) for language in model.languages]
    fields |= LAYER_NORMS[str(adapter_options(spec)["layer_norm"])]
    config = XmodConfig(
        **fields,
        adapter_reduction_factor=width.factor,
        languages=codes,
        default_language=codes[0] if len(codes) == 1 else None,
    )
    for layer, name, slab in _residual_slabs(model):
        widened = pad(slab, [sides * width.added for sides in _UNITS[name]])
        for code, slot in zip(codes, spec.slots, strict=True):
            weights[parameter_name(layer, code, name)] = widened[slot]
    with torch.random.fork_rng(devices=[]):  # what it draws is overwritten at once
        xmod = XmodForMaskedLM(config)
    xmod.load_state_dict(weights)
    return xmod.eval(), _notes(spec, width)


def _adapters_of(model: MultilingualModel) -> ModuleSpec:
    """Return the one spec that X-MOD can hold, or say what is there instead."""
    found = [_described(spec) for spec in model.specs]
    if not found:
        raise InputError(
            expected="language adapters, without which there is no X-MOD",
            found="a model without language-specific modules",
            where="export to X-MOD",
            next_step="Export it to plain Hugging Face: it is an ordinary model.",
        )
    spec = model.specs[0]
    if found != ["adapters at `residual`"]:
        raise InputError(
            expected="one set of adapters at `residual`, where X-MOD has them",
            found=" and ".join(found),
            where="language-specific modules, export to X-MOD",
            next_step="Train with `language_adapters: {places: residual}`, or export to plain "
            "Hugging Face, where modules have no place.",
        )
    if len(spec.chosen_layers(model.n_layers)) < model.n_layers:
        raise InputError(
            expected=f"adapters in all {model.n_layers} layers, as X-MOD has them",
            found=f"layers {list(spec.chosen_layers(model.n_layers))}",
            where="language-specific modules, export to X-MOD",
            next_step="Train with adapters in all layers, or export to plain Hugging Face, where "
            "modules have no place.",
        )
    return spec


def _described(spec: ModuleSpec) -> str:
    """Return a spec in the words of the message."""
    if spec.kind != "adapter":
        return f"`{spec.kind}` modules"
    return f"adapters at `{adapter_options(spec)['places']}`"


def _width(spec: ModuleSpec, hidden: int) -> Width:
    """Return how X-MOD writes the bottleneck."""
    bottleneck = int(adapter_options(spec)["bottleneck"])
    if bottleneck > hidden:
        raise InputError(
            expected=f"a bottleneck of at most {hidden}, the hidden size",
            found=f"{bottleneck}",
            where="`bottleneck` of adapters, export to X-MOD",
            next_step="X-MOD writes it as a share of the hidden size; train with a smaller one.",
        )
    factor = hidden // bottleneck
    return Width(factor, hidden // factor - bottleneck)


def _residual_slabs(model: MultilingualModel) -> Iterator[tuple[int, str, Tensor]]:
    """Yield layer, name and values of each slab."""
    for _, layer, module in model.attached_modules():
        adapters = cast(Adapters, module).places["residual"]
        for name in TENSORS:
            yield layer, name, adapters.get_parameter(name).detach()


def _notes(spec: ModuleSpec, width: Width) -> tuple[str, ...]:
    """Return what is in the export besides the weights."""
    notes: list[str] = []
    bottleneck = int(adapter_options(spec)["bottleneck"])
    if width.added:
        notes.append(
            f"X-MOD cannot write a bottleneck of {bottleneck}: {width.added} units of zeros were "
            "added to each adapter, which change no output."
        )
    if spec.n_slots < len(spec.slots):
        notes.append(
            f"{len(spec.slots)} languages share {spec.n_slots} adapters; each has a copy here."
        )
    return tuple(notes)
