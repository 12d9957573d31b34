"""What a rule that turns a Gramian into weights promises."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from torch import Tensor


Array = NDArray[np.float64]


def in_directions(gramian: Array) -> tuple[Array, Array]:
    """Return the lengths of the gradients, shape [n], and their cosines, [n, n]."""
    lengths = np.sqrt(gramian.diagonal())
    return lengths, gramian / lengths[:, None] / lengths


class Weighting(Protocol):
    """Weights of the languages' gradients: the direction is d = sum_l w_l g_l.

    The rows of a Gramian are languages with a gradient: absent ones and zero rows are dropped
    before: a rule that divides by its length could not look at it, and MGDA would answer it with
    a zero direction.
    """

    def weights(self, unit: str, gramian: Array, languages: Sequence[int]) -> Array:
        """Return the weight of each row.

        Args:
            unit: module, layer or whole model that the Gramian is of.
            gramian: inner products of the languages' gradients, [rows, rows], float64, finite.
            languages: index of each row's language.
        """
        ...

    def state(self) -> dict[str, Tensor]:
        """Return every tensor that the next weights depend on."""
        ...

    def load_state(self, state: dict[str, Tensor]) -> None:
        """Take back what `state` returned."""
        ...


class WeightingSpec(Protocol):
    """Names a rule, as data."""

    def start(self, n_languages: int, seed: int) -> Weighting:
        """Return the rule for one run."""
        ...
