"""The direction that a treatment takes on a toy batch, beside the gradient of each language."""

from dataclasses import dataclass

import torch
from torch import Tensor

import toys
from isogloss.core import Language
from isogloss.training import Training
from isogloss.treatments import build_treatment
from unit.gradients import toys as oracle

# What is looked at as one -> the parameter in which its claim is measured; None = the whole model.
SCOPES = {"model": None, "module": "backbone.model.layers.1.mlp.Wo.weight"}


@dataclass(frozen=True)
class Directions:
    """Gradients of the languages' mean losses, [languages, parameters], and the direction."""

    rows: Tensor
    taken: Tensor
    training: Training

    @property
    def gains(self) -> Tensor:
        """First-order gain of each language per length of its gradient."""
        return self.rows @ self.taken / self.rows.norm(dim=1)


def directions(
    name: str,
    languages: tuple[Language, ...] = toys.HOSTILE,
    *,
    parameter: str | None = None,
    **options: object,
) -> Directions:
    """Return gradients and direction of one parameter (None = of the whole model)."""
    plan = build_treatment(name, options).apply(toys.plan(languages, rows=6))
    one = toys.training(plan)
    targets = one.objective.prepare(one.sampler.batch(0), 0)
    found = oracle.gradients(lambda: one.objective.losses(one.model, targets).mean, one.model)
    with one.combine.watching(one.model, targets, one.engine):
        losses = one.objective.losses(one.model, targets)
    one.combine.backward(losses, one.model, one.engine)
    names = [key for key in found if parameter in (None, key)]
    gradients = {key: p.grad for key, p in one.model.named_parameters()}
    taken = [
        torch.zeros_like(found[key][0]) if gradients[key] is None else gradients[key]
        for key in names
    ]
    return Directions(
        torch.cat([found[key].flatten(1) for key in names], dim=1).double(),
        torch.cat([value.flatten() for value in taken]).double(),
        one,
    )


def weights_of(found: Directions) -> Tensor:
    """Return the weights of the gradients in the direction, by least squares."""
    return torch.linalg.lstsq(found.rows.T, found.taken[:, None]).solution.squeeze(1)
