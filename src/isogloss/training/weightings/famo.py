"""FAMO: losses fall at the same relative rate, learned from what each step did to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from isogloss.training.plan import BuildContext
from isogloss.training.weightings.adam import Array, LanguageAdam

if TYPE_CHECKING:
    from torch import Tensor


_LEAST = 1e-8


@dataclass(frozen=True)
class FAMO:
    """Names FAMO: the step descends c sum_l z_l log L_l, z = softmax(xi), c = 1 / sum_l z_l / L_l.

    After the step, xi moves by Adam against delta_l = log L_l(before) - log L_l(after): a language
    whose loss fell less weighs more. The losses after the step are those of the same batch.

    Attributes:
        learning_rate: of xi.
        weight_decay: of xi; 0.001 as in the paper.

    Reference:
        Liu, Feng, Stone, Liu. FAMO: Fast Adaptive Multitask Optimization. NeurIPS 2023, Algorithm
        1. https://arxiv.org/abs/2306.03792
    """

    learning_rate: float = 0.025
    weight_decay: float = 1e-3

    @property
    def looks_back(self) -> bool:
        """Yes: it learns from what the step did to the losses."""
        return True

    def start(self, context: BuildContext) -> RunningFAMO:
        """Return the weighting of one run."""
        return RunningFAMO(len(context.languages), self)


class RunningFAMO:
    """FAMO with its logits; see `LossWeighting` for the contract."""

    def __init__(self, n_languages: int, settings: FAMO) -> None:
        start = np.zeros(n_languages)
        self._xi = LanguageAdam(start, settings.learning_rate, settings.weight_decay)
        self._before = np.zeros(0)

    def weights(self, losses: Array, languages: Sequence[int]) -> Array:
        """Return c z_l / L_l, which sum to 1, shape [n]."""
        self._before = losses
        weights = self._shares(languages) / np.maximum(losses, _LEAST)
        return weights / weights.sum()

    def after(self, losses: Array, languages: Sequence[int]) -> None:
        """Move xi: the derivative of sum_l z_l delta_l, with z = softmax(xi)."""
        before, after = np.maximum(self._before, _LEAST), np.maximum(losses, _LEAST)
        delta = np.log(before) - np.log(after)
        if np.isfinite(delta).all():
            z = self._shares(languages)
            self._xi.step(z * (delta - z @ delta), languages)

    def _shares(self, languages: Sequence[int]) -> Array:
        """Return the softmax over the present languages."""
        logits = self._xi.values[list(languages)]
        powers = np.exp(logits - logits.max())
        return powers / powers.sum()

    def state(self) -> dict[str, Tensor]:
        """Return the logits and their moments."""
        return self._xi.state()

    def load_state(self, state: dict[str, Tensor]) -> None:
        """Take back what `state` returned."""
        self._xi.load_state(state)
