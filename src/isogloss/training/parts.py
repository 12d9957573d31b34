"""The parts of a plan, as data: what treatments put in, and what each costs.

Nothing here loads torch: a study is planned without it. `build` brings a part to life in a run.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from isogloss.training.plan import BuildContext, SamplerSpec, TrainingPlan

if TYPE_CHECKING:
    from isogloss.gradients import WeightingSpec
    from isogloss.training.gradient_combine import RunningGradientCombine
    from isogloss.training.loss_combine import (
        LossWeightingSpec,
        RunningLossCombine,
        RunningWeightedSum,
    )
    from isogloss.training.step import RunningOptimizerStep

NonFinite = Literal["stop", "skip"]
Scope = Literal["module", "layer", "model"]


@dataclass(frozen=True)
class AdamWSettings:
    """Hyper-parameters of AdamW.

    Attributes:
        learning_rate: peak, before the schedule's factor.
        beta1: decay of the first moment.
        beta2: decay of the second moment.
        epsilon: added to the root of the second moment.
        weight_decay: decoupled; applied to matrices only, not to biases and norms.
    """

    learning_rate: float = 2e-3
    beta1: float = 0.9
    beta2: float = 0.98
    epsilon: float = 1e-8
    weight_decay: float = 0.01


@dataclass(frozen=True)
class OptimizerStep:
    """Names the plain step.

    Attributes:
        optimizer: AdamW's hyper-parameters.
        schedule: a key of `SCHEDULES`.
        warm_up: share of the updates with a rising learning rate.
        clip: largest global L2 norm of the gradient.
    """

    optimizer: AdamWSettings = field(default_factory=AdamWSettings)
    schedule: str = "cosine"
    warm_up: float = 0.1
    clip: float = 1.0

    @property
    def passes(self) -> float:
        """One pass."""
        return 1.0

    @property
    def samplers(self) -> tuple[SamplerSpec, ...]:
        """Return nothing: it draws no batches of its own."""
        return ()

    def build(self, context: BuildContext) -> RunningOptimizerStep:
        """Return the step of one run."""
        from isogloss.training.step import RunningOptimizerStep

        return RunningOptimizerStep(self)

    def warnings(self, plan: TrainingPlan, context: BuildContext) -> tuple[str, ...]:
        """Return nothing: no plan that it can be built for spoils it."""
        return ()


@dataclass(frozen=True)
class WeightedSum:
    """Ordinary joint training: each language weighs as much as it has targets in the batch."""

    @property
    def passes(self) -> float:
        """One pass."""
        return 1.0

    def build(self, context: BuildContext) -> RunningWeightedSum:
        """Return the rule of one run."""
        from isogloss.training.loss_combine import RunningWeightedSum

        return RunningWeightedSum()


@dataclass(frozen=True)
class GradientCombine:
    """The direction is a weighted sum of the gradients of the languages' mean losses.

    By module or layer everything happens in one backward pass: as soon as the gradient rows of a
    module have come, its weights are found and its `.grad` is written. For the whole model a first
    backward pass finds the Gramian, a second one goes through the weighted losses.

    Parameters that the engine cannot see (see `GradientEngine`) and language-specific slabs get
    the mean of the languages' gradients where weights differ from module to module.

    Attributes:
        weighting: rule that turns a Gramian into weights.
        scope: what one Gramian is of.
        non_finite: what to do when the gradient of a language is not finite.
    """

    weighting: WeightingSpec
    scope: Scope = "model"
    non_finite: NonFinite = "stop"

    @property
    def passes(self) -> float:
        """One, or for the whole model one more backward without weight gradients (2/3)."""
        return 5 / 3 if self.scope == "model" else 1.0

    def build(self, context: BuildContext) -> RunningGradientCombine:
        """Return the rule of one run."""
        from isogloss.training.gradient_combine import RunningGradientCombine

        weighting = self.weighting.start(len(context.languages), context.seed)
        return RunningGradientCombine(self, weighting, context.languages)


@dataclass(frozen=True)
class LossCombine:
    """One backward pass through a weighted sum of the languages' mean losses.

    Attributes:
        weighting: how the weights are found.
        non_finite: what to do when the loss of a language is not finite.
    """

    weighting: LossWeightingSpec
    non_finite: NonFinite = "stop"

    @property
    def passes(self) -> float:
        """One, and a forward (1/3) where the weighting looks at the losses after the step."""
        return 4 / 3 if self.weighting.looks_back else 1.0

    def build(self, context: BuildContext) -> RunningLossCombine:
        """Return the rule of one run."""
        from isogloss.training.loss_combine import RunningLossCombine

        return RunningLossCombine(self, self.weighting.start(context), context.languages)
