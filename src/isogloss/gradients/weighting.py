"""What a rule that turns a Gramian into weights promises, and any pure function as such a rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from torch import Tensor


Array = NDArray[np.float64]


@runtime_checkable
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


@runtime_checkable
class WeightingSpec(Protocol):
    """Names a rule, as data."""

    def start(self, n_languages: int, seed: int) -> Weighting:
        """Return the rule for one run."""
        ...


@dataclass(frozen=True)
class Rule:
    """A rule without a state, from a pure function; it is its own run, see `Weighting`.

    Attributes:
        rule: Gramian -> weights, a function at the top of a file, where other processes find it.
        options: of the function, by name.
    """

    rule: Callable[..., Array]
    options: Mapping[str, float] = field(default_factory=dict)

    def start(self, n_languages: int, seed: int) -> Rule:
        """Return itself."""
        return self

    def weights(self, unit: str, gramian: Array, languages: Sequence[int]) -> Array:
        """Return the weights, shape [n]."""
        return self.rule(gramian, **self.options)

    def state(self) -> dict[str, Tensor]:
        """Return nothing."""
        return {}

    def load_state(self, state: dict[str, Tensor]) -> None:
        """Take nothing back."""
