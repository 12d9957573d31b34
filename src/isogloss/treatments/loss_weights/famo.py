"""FAMO: all losses fall at the same relative rate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from isogloss.gradients import Array
from isogloss.training import BuildContext, LossCombine, TrainingPlan
from isogloss.treatments.loss_weights.adam import LanguageAdam

if TYPE_CHECKING:
    from torch import Tensor


_LEAST = 1e-8


@dataclass(frozen=True)
class FAMO:
    """Weights of the losses, learned from what each step did to them (one more forward).

    Attributes:
        learning_rate: of the logits.
        weight_decay: of the logits.
        non_finite: "stop" or "skip" the update when a language's loss is not finite.

    Reference:
        Liu, Feng, Stone, Liu. FAMO: Fast Adaptive Multitask Optimization. NeurIPS 2023, Algorithm
        1. https://arxiv.org/abs/2306.03792

        @inproceedings{liu-etal-2023-famo,
          title = {{FAMO}: Fast Adaptive Multitask Optimization},
          author = {Liu, Bo and Feng, Yihao and Stone, Peter and Liu, Qiang},
          booktitle = {Advances in Neural Information Processing Systems},
          year = {2023}
        }
    """

    name: ClassVar[str] = "famo"
    parts: ClassVar[tuple[str, ...]] = ("combine",)
    separate: ClassVar[bool] = False
    claim: ClassVar[str] = "The language whose loss fell least comes to weigh more."

    learning_rate: Annotated[float, Field(gt=0)] = 0.025
    weight_decay: Annotated[float, Field(ge=0)] = 1e-3
    non_finite: Literal["stop", "skip"] = "stop"

    def apply(self, plan: TrainingPlan) -> TrainingPlan:
        """Return the plan with FAMO as its combination rule."""
        combine = LossCombine(FAMOWeighting(self.learning_rate, self.weight_decay), self.non_finite)
        return plan.replace_parts(self.name, combine=combine)

    def candidates(self) -> tuple[FAMO, ...]:
        """Return itself."""
        return (self,)


@dataclass(frozen=True)
class FAMOWeighting:
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

    plan_name: ClassVar[str] = "FAMO"

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

    def __init__(self, n_languages: int, settings: FAMOWeighting) -> None:
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
