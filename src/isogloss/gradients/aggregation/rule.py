"""Rules without a state, each a pure function of the Gramian, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from isogloss.core import look_up
from isogloss.gradients.aggregation.aligned_mtl import aligned_mtl
from isogloss.gradients.aggregation.cagrad import cagrad
from isogloss.gradients.aggregation.contract import Array
from isogloss.gradients.aggregation.fairgrad import fairgrad
from isogloss.gradients.aggregation.imtl_g import imtl_g
from isogloss.gradients.aggregation.mgda import mgda
from isogloss.gradients.aggregation.nash_mtl import nash_mtl
from isogloss.gradients.aggregation.upgrad import upgrad

if TYPE_CHECKING:
    from torch import Tensor

RULES: Final[Mapping[str, Callable[..., Array]]] = {
    "aligned_mtl": aligned_mtl,
    "cagrad": cagrad,
    "fairgrad": fairgrad,
    "imtl_g": imtl_g,
    "mgda": mgda,
    "nash_mtl": nash_mtl,
    "upgrad": upgrad,
}


@dataclass(frozen=True)
class Rule:
    """Names one of these rules; it is its own run, see `Weighting` for the contract.

    Attributes:
        rule: a key of `RULES`.
        options: of the function, by name.
    """

    rule: str
    options: Mapping[str, float] = field(default_factory=dict)

    def start(self, n_languages: int, seed: int) -> Rule:
        """Return itself.

        Raises:
            InputError: there is no such rule.
        """
        look_up(RULES, self.rule, "rule of combination")
        return self

    def weights(self, unit: str, gramian: Array, languages: Sequence[int]) -> Array:
        """Return the weights, shape [n]."""
        return RULES[self.rule](gramian, **self.options)

    def state(self) -> dict[str, Tensor]:
        """Return nothing."""
        return {}

    def load_state(self, state: dict[str, Tensor]) -> None:
        """Take nothing back."""
