"""Adam over one number per language; absent languages stand still."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from isogloss.gradients import Array

if TYPE_CHECKING:
    from torch import Tensor


class LanguageAdam:
    """Adam (with L2 decay, as `torch.optim.Adam`) on a vector over languages.

    Moments and step counts of a language move only when it is in the batch.

    Args:
        values: where it starts, shape [languages].
        learning_rate: of Adam.
        weight_decay: added to the derivative, times the value.

    Reference:
        Kingma, Ba. Adam: A Method for Stochastic Optimization. 2015, Algorithm 1.
        https://arxiv.org/abs/1412.6980
    """

    def __init__(self, values: Array, learning_rate: float, weight_decay: float = 0.0) -> None:
        self.values = values.astype(np.float64)
        self._rate, self._decay = learning_rate, weight_decay
        self._first, self._second, self._count = (np.zeros(len(values)) for _ in range(3))

    def step(self, derivative: Array, languages: Sequence[int]) -> None:
        """Move the values of some languages against the derivative, shape [len(languages)]."""
        index = list(languages)
        slope = derivative + self._decay * self.values[index]
        self._count[index] += 1
        self._first[index] += 0.1 * (slope - self._first[index])
        self._second[index] += 0.001 * (slope**2 - self._second[index])
        first = self._first[index] / (1 - 0.9 ** self._count[index])
        second = self._second[index] / (1 - 0.999 ** self._count[index])
        self.values[index] -= self._rate * first / (np.sqrt(second) + 1e-8)

    def state(self) -> dict[str, Tensor]:
        """Return values, moments and counts."""
        import torch

        named = {"values": self.values, "first": self._first, "second": self._second}
        return {
            name: torch.from_numpy(array.copy())
            for name, array in {**named, "count": self._count}.items()
        }

    def load_state(self, state: dict[str, Tensor]) -> None:
        """Take back what `state` returned; other keys are left alone."""
        arrays = [state[name].cpu().numpy().copy() for name in ("values", "first", "second")]
        self.values, self._first, self._second = arrays
        self._count = state["count"].cpu().numpy().copy()
