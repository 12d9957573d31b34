"""Gradient surgery: a language's gradient gives up what points against another's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from isogloss.gradients import Array
from isogloss.training import GradientCombine, TrainingPlan
from isogloss.treatments.gradients.orders import Orders

if TYPE_CHECKING:
    from torch import Tensor


def pcgrad(gramian: Array, orders: NDArray[np.intp]) -> Array:
    """Return the weights of PCGrad's direction, d = sum_i v_i, for a Gramian G.

    For each i: v = g_i; for j in a random order of the others: if <v, g_j> < 0 then
    v <- v - <v, g_j> / |g_j|^2 g_j. With v_i = sum_k C_ik g_k, <v_i, g_j> = (C G)_ij: the gradients
    themselves are not needed.

    Args:
        gramian: G, shape [n, n], no zero on the diagonal.
        orders: the order of the others for each i, shape [n, n - 1].

    Returns:
        Shape [n]. Without conflict all 1 (the sum, as in the paper).

    Example:
        >>> pcgrad(np.array([[5, -1], [-1, 5.25]]), np.array([[1], [0]])).round(8).tolist()
        [1.2, 1.19047619]

    Reference:
        Algorithm 1 of the paper of `PCGrad`.
    """
    every = np.arange(len(gramian))
    c, products = np.eye(len(gramian)), gramian.astype(np.float64)
    for j in orders.T:
        conflict = np.minimum(products[every, j], 0.0) / gramian[j, j]
        c[every, j] -= conflict
        products -= conflict[:, None] * gramian[j]
    return c.sum(0)


@dataclass(frozen=True)
class PCGrad:
    """Each gradient loses its part against every other one that it conflicts with.

    The sum of the paper is divided by the number of languages: without conflict the direction is
    the mean of the languages' gradients.

    Attributes:
        scope: whose gradient counts as one: "module", "layer" or the whole "model".
        non_finite: "stop" or "skip" the update when a language's gradient is not finite.

    Reference:
        Yu, Kumar, Gupta, Levine, Hausman, Finn. Gradient Surgery for Multi-Task Learning. NeurIPS
        2020, Algorithm 1. https://arxiv.org/abs/2001.06782

        @inproceedings{yu-etal-2020-gradient,
          title = {Gradient Surgery for Multi-Task Learning},
          author = {Yu, Tianhe and Kumar, Saurabh and Gupta, Abhishek and Levine, Sergey and
                    Hausman, Karol and Finn, Chelsea},
          booktitle = {Advances in Neural Information Processing Systems},
          year = {2020}
        }
    """

    name: ClassVar[str] = "pcgrad"
    parts: ClassVar[tuple[str, ...]] = ("combine",)
    separate: ClassVar[bool] = False
    claim: ClassVar[str] = "For two languages the direction conflicts with neither of them."

    scope: Literal["module", "layer", "model"] = "module"
    non_finite: Literal["stop", "skip"] = "stop"

    def apply(self, plan: TrainingPlan) -> TrainingPlan:
        """Return the plan with PCGrad as its combination rule."""
        combine = GradientCombine(PCGradWeighting(), self.scope, self.non_finite)
        return plan.replace_parts(self.name, combine=combine)

    def candidates(self) -> tuple[PCGrad, ...]:
        """Return itself."""
        return (self,)


@dataclass(frozen=True)
class PCGradWeighting:
    """Names PCGrad, divided by the number of languages: without conflict it is the mean."""

    plan_name: ClassVar[str] = "PCGrad"

    def start(self, n_languages: int, seed: int) -> RunningPCGrad:
        """Return the rule for one run."""
        return RunningPCGrad(seed)


class RunningPCGrad:
    """PCGrad with its orders; see `Weighting` for the contract."""

    def __init__(self, seed: int) -> None:
        self._orders = Orders(seed)

    def weights(self, unit: str, gramian: Array, languages: Sequence[int]) -> Array:
        """Return PCGrad's weights over the number of languages, shape [n]."""
        return pcgrad(gramian, self._orders.draw(unit, len(gramian))) / len(gramian)

    def state(self) -> dict[str, Tensor]:
        """Return how many orders were drawn."""
        return self._orders.state()

    def load_state(self, state: dict[str, Tensor]) -> None:
        """Take back what `state` returned."""
        self._orders.load_state(state)
