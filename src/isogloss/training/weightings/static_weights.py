"""Static weights: the languages' losses in fixed proportions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from isogloss.training.plan import BuildContext
from isogloss.training.weightings.adam import Array

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class StaticWeights:
    """Names fixed weights: language l weighs as size_l^exponent, in sum 1.

    Attributes:
        exponent: 0 = all languages alike, 1 = in proportion to their data.
    """

    exponent: float = 0.0

    @property
    def looks_back(self) -> bool:
        """No."""
        return False

    def start(self, context: BuildContext) -> RunningStaticWeights:
        """Return the weights of one run; a language without training data has none."""
        sizes = {
            language: _size(context.material[language])
            for language in context.languages
            if language in context.material
        }
        # Only ratios count, and relative sizes stay within the range of a float.
        largest = max(sizes.values())
        powers = {language: (size / largest) ** self.exponent for language, size in sizes.items()}
        return RunningStaticWeights(np.array([powers.get(one, 0.0) for one in context.languages]))


class RunningStaticWeights:
    """Fixed weights; see `LossWeighting` for the contract."""

    def __init__(self, weights: Array) -> None:
        self._weights = weights

    def weights(self, losses: Array, languages: Sequence[int]) -> Array:
        """Return the weights of the present languages, in sum 1."""
        present = self._weights[list(languages)]
        return present / present.sum()

    def after(self, losses: Array, languages: Sequence[int]) -> None:
        """Do nothing."""

    def state(self) -> dict[str, Tensor]:
        """Return nothing."""
        return {}

    def load_state(self, state: dict[str, Tensor]) -> None:
        """Take nothing back."""


def _size(material: object) -> float:
    """Return the tokens of a corpus, or the number of labelled examples."""
    tokens = getattr(material, "n_tokens", None)
    return float(len(material) if tokens is None else tokens)  # type: ignore[arg-type]
