"""Gradient vaccine: pairs of gradients are kept at the cosine that they usually have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from isogloss.gradients import Array
from isogloss.training import GradientCombine, TrainingPlan
from isogloss.treatments.gradients.orders import Orders

if TYPE_CHECKING:
    from torch import Tensor


def gradvac(
    gramian: Array, targets: Array, orders: NDArray[np.intp], *, beta: float
) -> tuple[Array, Array]:
    """Return the weights of GradVac's direction, d = sum_i v_i, and the new target cosines.

    For each i: v = g_i; for j in a random order of the others, with c = cos(v, g_j) and the target
    phi = phi_ij: if c < phi then
    v <- v + |v| (phi sqrt(1 - c^2) - c sqrt(1 - phi^2)) / (|g_j| sqrt(1 - phi^2)) g_j.
    Then always phi_ij <- (1 - beta) phi_ij + beta c. With phi = 0 it is PCGrad.

    Args:
        gramian: G, shape [n, n], no zero on the diagonal.
        targets: phi, shape [n, n].
        orders: the order of the others for each i, shape [n, n - 1].
        beta: speed of the targets.

    Returns:
        Weights, shape [n] (all 1 where nothing is corrected: the sum), and targets, shape [n, n].

    Reference:
        Algorithm 1 of the paper of `GradVac`.
    """
    every = np.arange(len(gramian))
    length, targets = np.sqrt(gramian.diagonal()), targets.copy()
    c, products = np.eye(len(gramian)), gramian.astype(np.float64)
    for j in orders.T:
        v = np.sqrt(np.maximum((c * products).sum(1), 0.0))
        cosine = products[every, j] / np.maximum(v * length[j], np.finfo(np.float64).tiny)
        cosine, phi = np.clip(cosine, -1.0, 1.0), targets[every, j]
        root = np.sqrt(np.maximum(1 - phi**2, np.finfo(np.float64).eps))
        pull = v * (phi * np.sqrt(1 - cosine**2) - cosine * root) / (length[j] * root)
        pull = np.where(cosine < phi, pull, 0.0)
        c[every, j] += pull
        products += pull[:, None] * gramian[j]
        targets[every, j] = (1 - beta) * phi + beta * cosine
    return c.sum(0), targets


@dataclass(frozen=True)
class GradVac:
    """A pair of gradients with a lower cosine than usual is turned until it has the usual one.

    Targets are kept for pairs of languages, also of those absent from a batch. The sum of the
    paper is divided by the number of languages.

    Attributes:
        beta: speed of the targets; 0.01 as the authors'.
        scope: whose gradient counts as one: "module", "layer" or the whole "model".
        non_finite: "stop" or "skip" the update when a language's gradient is not finite.

    Reference:
        Wang, Tsvetkov, Firat, Cao. Gradient Vaccine: Investigating and Improving Multi-task
        Optimization in Massively Multilingual Models. ICLR 2021, Algorithm 1.
        https://arxiv.org/abs/2010.05874

        @inproceedings{wang-etal-2021-gradient,
          title = {Gradient Vaccine: Investigating and Improving Multi-task Optimization in
                   Massively Multilingual Models},
          author = {Wang, Zirui and Tsvetkov, Yulia and Firat, Orhan and Cao, Yuan},
          booktitle = {ICLR},
          year = {2021}
        }
    """

    name: ClassVar[str] = "gradvac"
    parts: ClassVar[tuple[str, ...]] = ("combine",)
    separate: ClassVar[bool] = False
    claim: ClassVar[str] = "A pair of gradients below its target cosine is brought to it exactly."

    beta: Annotated[float, Field(gt=0, le=1)] = 0.01
    scope: Literal["module", "layer", "model"] = "module"
    non_finite: Literal["stop", "skip"] = "stop"

    def apply(self, plan: TrainingPlan) -> TrainingPlan:
        """Return the plan with GradVac as its combination rule."""
        combine = GradientCombine(GradVacWeighting(self.beta), self.scope, self.non_finite)
        return plan.replace_parts(self.name, combine=combine)

    def candidates(self) -> tuple[GradVac, ...]:
        """Return itself."""
        return (self,)


@dataclass(frozen=True)
class GradVacWeighting:
    """Names GradVac, divided by the number of languages, with targets kept by language.

    The targets of each unit are a matrix over ALL languages; a batch uses and moves the rows and
    columns of those it holds. (TorchJD keys its state on the number of rows, and forgets all
    targets when another number of languages is present.)

    Attributes:
        beta: speed of the targets; 0.01 as the authors', not the 0.5 of TorchJD and LibMTL.
    """

    plan_name: ClassVar[str] = "GradVac"

    beta: float = 0.01

    def start(self, n_languages: int, seed: int) -> RunningGradVac:
        """Return the rule for one run."""
        return RunningGradVac(n_languages, seed, self.beta)


class RunningGradVac:
    """GradVac with its targets and orders; see `Weighting` for the contract."""

    def __init__(self, n_languages: int, seed: int, beta: float) -> None:
        self._n_languages, self._beta = n_languages, beta
        self._orders = Orders(seed)
        self.targets: dict[str, Array] = {}

    def weights(self, unit: str, gramian: Array, languages: Sequence[int]) -> Array:
        """Return GradVac's weights over the number of languages, shape [n]; move the targets."""
        targets = self.targets.setdefault(unit, np.zeros((self._n_languages, self._n_languages)))
        place = np.ix_(languages, languages)
        orders = self._orders.draw(unit, len(gramian))
        weights, targets[place] = gradvac(gramian, targets[place], orders, beta=self._beta)
        return weights / len(gramian)

    def state(self) -> dict[str, Tensor]:
        """Return the targets of each unit, and how many orders were drawn."""
        import torch

        targets = {f"targets/{unit}": torch.tensor(phi) for unit, phi in self.targets.items()}
        return {**targets, **self._orders.state()}

    def load_state(self, state: dict[str, Tensor]) -> None:
        """Take back what `state` returned."""
        prefix = "targets/"
        self.targets = {
            key[len(prefix) :]: value.cpu().double().numpy().copy()
            for key, value in state.items()
            if key.startswith(prefix)
        }
        self._orders.load_state(state)
