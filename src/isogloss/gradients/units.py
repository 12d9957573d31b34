"""The leaf modules of a model, gathered in units whose gradients are measured together."""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Final, Literal

from torch import nn

from isogloss.gradients.kinds import Split, refusal, split_of
from isogloss.gradients.kinds.row_wise import row_wise_blocks

Granularity = Literal["module", "layer"]
GRANULARITIES: Final = ("module", "layer")


@dataclass
class Leaf:
    """One module whose gradient rows can be split.

    Attributes:
        module: itself.
        path: its name in the model.
        split: how its rows become blocks.
        names: its own parameter's name -> the name in the model; a tied parameter has one.
        unit: name of the unit that it belongs to.
    """

    module: nn.Module
    path: str
    split: Split
    names: dict[str, str]
    unit: str = ""

    @property
    def runs_again(self) -> bool:
        """Whether its forward is run again, which a surgery has no time for."""
        return self.split is row_wise_blocks

    def trained(self) -> list[nn.Parameter]:
        """Return its own parameters that are trained."""
        own = self.module.parameters(recurse=False)
        return [parameter for parameter in own if parameter.requires_grad]


@dataclass
class Inventory:
    """What there is to see in a model.

    Attributes:
        leaves: modules that can be split.
        layers: unit -> the layer that it lies in.
        refused: name of a parameter -> why it cannot be split.
    """

    leaves: list[Leaf]
    layers: dict[str, str]
    refused: dict[str, str] = field(default_factory=dict)


def take_inventory(
    model: nn.Module, granularity: Granularity, chosen: Callable[[str], bool]
) -> Inventory:
    """Find the leaf modules of a model and their units.

    Modules that share a parameter (a decoder tied to the embeddings) are one unit, because the
    inner product of two sums is not the sum of the inner products.

    Args:
        model: any.
        granularity: "module", or "layer" to take each layer's gradient as one.
        chosen: whether to measure the module of a path.
    """
    name_of = {id(parameter): name for name, parameter in model.named_parameters()}
    leaves: list[Leaf] = []
    refused: dict[str, str] = {}
    for path, module in model.named_modules():
        own = {key: name_of[id(p)] for key, p in module.named_parameters(recurse=False)}
        if not own:
            continue
        split = split_of(module)
        reason = refusal(module) if chosen(path) else "left out by choice"
        if split is None or reason is not None:
            refused |= dict.fromkeys(own.values(), reason or "")
        else:
            leaves.append(Leaf(module, path, split, own))
    _join(leaves, granularity)
    layers = {leaf.unit: layer_of(leaf.path) for leaf in reversed(leaves)}
    return Inventory(leaves, dict(reversed(layers.items())), refused)


def _join(leaves: list[Leaf], granularity: Granularity) -> None:
    """Name the unit of each leaf after the first module of its unit, or after its layer."""
    unit_of: dict[str, str] = {}
    for number, leaf in enumerate(leaves):
        own = leaf.path if granularity == "module" else layer_of(leaf.path)
        sharing = [unit_of[name] for name in leaf.names.values() if name in unit_of]
        leaf.unit = sharing[0] if sharing else own
        for earlier in leaves[:number]:
            if earlier.unit in sharing:
                earlier.unit = leaf.unit
        unit_of = {name: leaf.unit if unit in sharing else unit for name, unit in unit_of.items()}
        unit_of |= dict.fromkeys(leaf.names.values(), leaf.unit)


def layer_of(path: str) -> str:
    """Return the layer of a module: its path up to the first number, else its parent.

    Example:
        >>> layer_of("bert.encoder.layer.3.output.dense"), layer_of("bert.embeddings.LayerNorm")
        ('bert.encoder.layer.3', 'bert.embeddings')
    """
    parts = path.split(".")
    before = list(takewhile(lambda part: not part.isdigit(), parts))
    if len(before) < len(parts):
        return ".".join(parts[: len(before) + 1])
    return ".".join(parts[:-1]) or path
