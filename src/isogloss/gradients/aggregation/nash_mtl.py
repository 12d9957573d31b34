"""Nash-MTL: the direction on which the languages would agree in a bargain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from isogloss.gradients.aggregation.contract import Array

if TYPE_CHECKING:
    from torch import Tensor


_STEPS, _TOLERANCE = 200, 1e-10


def nash_mtl(gramian: Array, max_norm: float) -> Array:
    """Return the weights of the Nash bargaining solution, G w = 1 / w with w > 0.

    The paper approximates the solution by a sequence of convex programs. It is the minimum of the
    convex function w^T G w / 2 - sum_i log w_i, which we find to machine precision by Newton's
    method, without a solver and without a state.

    Args:
        gramian: G, shape [n, n].
        max_norm: the direction is shortened to this length; 0 = never.

    Returns:
        Shape [n].

    Example:
        >>> nash_mtl(np.array([[5, -1], [-1, 5.25]]), 1.0).round(8).tolist()
        [0.3524931, 0.34399804]

    Reference:
        Navon, Shamsian, Achituve, Maron, Kawaguchi, Chechik, Fetaya. Multi-Task Learning as a
        Bargaining Game. ICML 2022, Claim 3.1 and Algorithm 1. https://arxiv.org/abs/2202.01017
    """
    scale = np.sqrt(gramian.diagonal())
    unit = gramian / (scale[:, None] * scale)  # w / scale solves the problem of G
    # A floor keeps the minimum where gradients cancel: there w would grow without bound.
    unit = unit + 1e-8 * np.eye(len(unit))
    w = np.ones(len(unit)) / np.sqrt(len(unit))
    for _ in range(_STEPS):
        slope = unit @ w - 1 / w
        step = np.linalg.solve(unit + np.diag(w**-2), slope)
        decrement = float(np.sqrt(max(slope @ step, 0.0)))
        w = w - step / (
            1 + decrement
        )  # the damped step of self-concordant functions stays in w > 0
        if decrement < _TOLERANCE:
            break
    w = w / scale
    length = float(np.sqrt(max(w @ gramian @ w, 0.0)))
    return w * (max_norm / length) if max_norm and length > max_norm else w


@dataclass(frozen=True)
class NashMTL:
    """Names Nash-MTL.

    Attributes:
        max_norm: longest direction; 0 = no limit (its length is then the root of their number).
    """

    max_norm: float = 1.0

    def start(self, n_languages: int, seed: int) -> NashMTL:
        """Return itself: the rule has no state."""
        return self

    def weights(self, unit: str, gramian: Array, languages: Sequence[int]) -> Array:
        """Return the weights, shape [n]."""
        return nash_mtl(gramian, self.max_norm)

    def state(self) -> dict[str, Tensor]:
        """Return nothing."""
        return {}

    def load_state(self, state: dict[str, Tensor]) -> None:
        """Take nothing back."""
