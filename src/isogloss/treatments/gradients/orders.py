"""Random orders of languages, the same in every process and after a crash."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from torch import Tensor


def random_orders(n: int, generator: np.random.Generator) -> NDArray[np.intp]:
    """Return for each of n rows a random order of the others, shape [n, n - 1]."""
    others = np.array([[j for j in range(n) if j != i] for i in range(n)], dtype=np.intp)
    return generator.permuted(others.reshape(n, n - 1), axis=1)


class Orders:
    """Draws orders from a seed, the unit and how often it has been asked about that unit.

    Args:
        seed: of the run.
    """

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._drawn: dict[str, int] = {}

    def draw(self, unit: str, n: int) -> NDArray[np.intp]:
        """Return the next orders of a unit, shape [n, n - 1]."""
        turn = self._drawn[unit] = self._drawn.get(unit, 0) + 1
        place = [self._seed % 2**32, zlib.crc32(unit.encode()), turn]
        return random_orders(n, np.random.default_rng(place))

    def state(self) -> dict[str, Tensor]:
        """Return how often each unit was drawn for."""
        import torch

        return {f"drawn/{unit}": torch.tensor(turn) for unit, turn in self._drawn.items()}

    def load_state(self, state: dict[str, Tensor]) -> None:
        """Take back what `state` returned; other keys are left alone."""
        prefix = "drawn/"
        self._drawn = {
            key[len(prefix) :]: int(turn) for key, turn in state.items() if key.startswith(prefix)
        }
