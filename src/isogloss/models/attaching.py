"""Put language-specific modules into the layers of a backbone."""

from collections.abc import Callable, Sequence

from torch import nn

from isogloss.core import InputError, look_up
from isogloss.models.kinds import KINDS, LanguageModule, Site
from isogloss.models.module_spec import ModuleSpec


def kind_of(spec: ModuleSpec) -> type[LanguageModule]:
    """Return the class of a spec's modules.

    Raises:
        InputError: no such kind.
    """
    return look_up(KINDS, spec.kind, "kind of language-specific modules")


def attach_modules(
    specs: Sequence[ModuleSpec], site_at: Callable[[int, int], Site], n_layers: int
) -> nn.ModuleDict:
    """Build the modules of all specs and make the layers use them.

    Args:
        specs: what was asked for.
        site_at: (number of the spec, layer) -> place.
        n_layers: of the backbone.

    Returns:
        By spec, `adapter_0`, and in it by layer, `layer_0`.

    Raises:
        InputError: an unknown kind or option, a layer outside the backbone, or one part of it that
            two specs replace.
    """
    attached, replaced = nn.ModuleDict(), set[str]()
    for position, spec in enumerate(specs):
        modules = nn.ModuleDict()
        for layer in spec.chosen_layers(n_layers):
            site = site_at(position, layer)
            module = kind_of(spec)(spec, site)
            if replaced.intersection(module.replaced):
                raise _second(spec, layer)
            replaced.update(module.replaced)
            module.attach(site)
            modules[f"layer_{layer}"] = module
        attached[f"{spec.kind}_{position}"] = modules
    return attached


def _second(spec: ModuleSpec, layer: int) -> InputError:
    """Say that a part of the backbone is replaced already."""
    return InputError(
        expected=f"one set of `{spec.kind}` modules in a layer: they replace what is there",
        found=f"a second one in layer {layer}",
        where=f"layers of the `{spec.kind}` modules",
        next_step="Give each set other layers.",
    )
