"""How far the weights of an encoder went from those it began with."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import torch
from torch import nn

from isogloss.core import InputError
from isogloss.models import MultilingualModel


@dataclass(frozen=True)
class WeightDistance:
    """Euclidean distances between the weights of two models of one shape.

    Attributes:
        encoder: over the whole encoder body, embeddings included, heads excluded.
        relative: `encoder` over the norm of the first model's encoder.
        embeddings: over the embeddings of tokens.
        layers: over each layer, first to last.
        language_modules: over all language-specific modules; 0 where there are none.
    """

    encoder: float
    relative: float
    embeddings: float
    layers: tuple[float, ...]
    language_modules: float


def weight_distance(first: MultilingualModel, second: MultilingualModel) -> WeightDistance:
    """Return how far `second` is from `first`, summed in float64.

    Args:
        first: for example the pretrained model.
        second: for example the fine-tuned one.

    Returns:
        Distances in the unit of the weights.

    Raises:
        InputError: the models differ in architecture, size or modules.
    """
    _refuse_other_shapes(first, second)
    bodies = [one.backbone.get_submodule(one.attachment.body) for one in (first, second)]
    encoder = _distance(*bodies)
    norm = math.sqrt(math.fsum(_square(p) for p in bodies[0].parameters()))
    layers = zip(*(one.attachment.layers_of(one.backbone) for one in (first, second)), strict=True)
    return WeightDistance(
        encoder,
        encoder / norm,
        _distance(first.backbone.get_input_embeddings(), second.backbone.get_input_embeddings()),
        tuple(_distance(*pair) for pair in layers),
        _distance(first.language_modules, second.language_modules),
    )


def _distance(first: nn.Module, second: nn.Module) -> float:
    """Return the distance over all parameters of two modules of one shape."""
    pairs: Iterable[tuple[nn.Parameter, nn.Parameter]] = zip(
        first.parameters(), second.parameters(), strict=True
    )
    return math.sqrt(math.fsum(_square(b.detach().double() - a.detach()) for a, b in pairs))


def _square(values: torch.Tensor) -> float:
    """Return the sum of squares in float64."""
    return float(values.detach().double().square().sum())


def _refuse_other_shapes(first: MultilingualModel, second: MultilingualModel) -> None:
    """Say by which parameter two models differ in shape."""
    shapes = [
        {name: tuple(p.shape) for name, p in one.named_parameters()} for one in (first, second)
    ]
    for name in [*shapes[0], *shapes[1]]:
        one, other = shapes[0].get(name), shapes[1].get(name)
        if one != other:
            raise InputError(
                expected="two models of one architecture and size",
                found=f"`{name}` of shape {one or 'none'} and {other or 'none'}",
                where="models that are compared weight by weight",
                next_step="Compare a fine-tuned model with the one that it started from.",
            )
