"""Uncertainty weighting: each loss is divided by a variance that is learned."""

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


@dataclass(frozen=True)
class UncertaintyWeighting:
    """Each language's loss is divided by a variance that is learned along.

    The form for classification, which masked-LM and labelled losses are.

    Attributes:
        learning_rate: of the log-variances.
        non_finite: "stop" or "skip" the update when a language's loss is not finite.

    Reference:
        Kendall, Gal, Cipolla. Multi-Task Learning Using Uncertainty to Weigh Losses for Scene
        Geometry and Semantics. CVPR 2018, equation 10.
        https://arxiv.org/abs/1705.07115

        @inproceedings{kendall-etal-2018-multi,
          title = {Multi-Task Learning Using Uncertainty to Weigh Losses for Scene Geometry and
                   Semantics},
          author = {Kendall, Alex and Gal, Yarin and Cipolla, Roberto},
          booktitle = {Proceedings of CVPR},
          year = {2018}
        }
    """

    name: ClassVar[str] = "uncertainty_weighting"
    parts: ClassVar[tuple[str, ...]] = ("combine",)
    separate: ClassVar[bool] = False
    claim: ClassVar[str] = "The variance of a language comes to twice its loss."

    learning_rate: Annotated[float, Field(gt=0)] = 0.025
    non_finite: Literal["stop", "skip"] = "stop"

    def apply(self, plan: TrainingPlan) -> TrainingPlan:
        """Return the plan with learned variances as its combination rule."""
        combine = LossCombine(LearnedVariances(self.learning_rate), self.non_finite)
        return plan.replace_parts(self.name, combine=combine)

    def candidates(self) -> tuple[UncertaintyWeighting, ...]:
        """Return itself."""
        return (self,)


@dataclass(frozen=True)
class LearnedVariances:
    """Names uncertainty weighting: descend sum_l exp(-s_l) L_l + s_l / 2 in weights and s.

    This is the form for losses of classification (a regression's has L_l / 2); s settles at
    log 2 L_l. s_l = log sigma_l^2 starts at 0 and has an Adam of its own, whose rate does not
    follow the model's schedule (the authors train it with the model's optimizer).

    Attributes:
        learning_rate: of s.

    Reference:
        Kendall, Gal, Cipolla. Multi-Task Learning Using Uncertainty to Weigh Losses for Scene
        Geometry and Semantics. CVPR 2018, equation 10. https://arxiv.org/abs/1705.07115
    """

    plan_name: ClassVar[str] = "UncertaintyWeighting"

    learning_rate: float = 0.025

    @property
    def looks_back(self) -> bool:
        """No."""
        return False

    def start(self, context: BuildContext) -> RunningUncertaintyWeighting:
        """Return the weighting of one run."""
        return RunningUncertaintyWeighting(len(context.languages), self.learning_rate)


class RunningUncertaintyWeighting:
    """Uncertainty weighting with its variances; see `LossWeighting` for the contract."""

    def __init__(self, n_languages: int, learning_rate: float) -> None:
        self._s = LanguageAdam(np.zeros(n_languages), learning_rate)

    def weights(self, losses: Array, languages: Sequence[int]) -> Array:
        """Return exp(-s_l), shape [n]; then move s against 1 / 2 - exp(-s_l) L_l."""
        weights = np.exp(-self._s.values[list(languages)])
        self._s.step(0.5 - weights * losses, languages)
        return weights

    def after(self, losses: Array, languages: Sequence[int]) -> None:
        """Do nothing."""

    def state(self) -> dict[str, Tensor]:
        """Return the log-variances and their moments."""
        return self._s.state()

    def load_state(self, state: dict[str, Tensor]) -> None:
        """Take back what `state` returned."""
        self._s.load_state(state)
