"""What the kinds that replace parts of the backbone have in common."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

import torch
from torch import Tensor, nn

from isogloss.core import look_up
from isogloss.models.kinds.contract import LanguageModule, Site
from isogloss.models.module_spec import ModuleSpec

# What a checkpoint has learned is worth more than slots that begin differently.
OF_CHECKPOINT: Final[Mapping[str, str]] = {"initialise": "copy"}
_COPIES: Final[Mapping[str, bool]] = {"independent": False, "copy": True}


def options_of(spec: ModuleSpec, defaults: Mapping[str, str]) -> dict[str, str]:
    """Return the options of a kind, given or by default.

    Args:
        spec: what was asked for.
        defaults: all options of the kind.

    Returns:
        A value for each option.

    Raises:
        InputError: an option that the kind does not have.
    """
    for name in spec.options:
        look_up(defaults, name, f"option of the `{spec.kind}` modules")
    return {**defaults, **{name: str(value) for name, value in spec.options.items()}}


def starts_as_copy(initialise: str) -> bool:
    """Tell `copy` (each slot begins as the original) from `independent` (each slot is drawn).

    Raises:
        InputError: another word.
    """
    return look_up(_COPIES, initialise, "`initialise` of modules that replace")


def stacked(modules: Sequence[nn.Module]) -> dict[str, Tensor]:
    """Return the parameters of equal modules as slabs [modules, ...], by name."""
    return {
        name: torch.stack([module.get_parameter(name).detach() for module in modules])
        for name, _ in modules[0].named_parameters()
    }


def stand_in(module: LanguageModule, slabs: nn.ModuleDict, site: Site) -> None:
    """Let slabs do the work of the submodules that a module replaces, and freeze these.

    Args:
        module: says which, in `replaced`.
        slabs: in the same order; each is called with the input and the slots.
        site: where.
    """
    for key, path in zip(slabs, module.replaced, strict=True):
        original = site.backbone.get_submodule(path).requires_grad_(False)
        # A partial of a plain function, no closure: copy.deepcopy then copies the slabs along. It
        # reads slabs and slots at each call: both are replaced when a language is added.
        original.forward = partial(_call, module, slabs, key)


def _call(module: LanguageModule, slabs: nn.ModuleDict, key: str, x: Tensor) -> Tensor:
    """Forward of a submodule that is replaced."""
    return slabs[key](x, module.slots)
