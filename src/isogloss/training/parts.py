"""The parts of a plan, as data: what treatments put in, and what each costs.

Nothing here loads torch: a study is planned without it. `build` brings a part to life in a run.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from isogloss.core import InputError
from isogloss.training.memorised import memorised
from isogloss.training.plan import BuildContext, SamplerSpec, StepSpec, TrainingPlan
from isogloss.training.sampling import training_languages

if TYPE_CHECKING:
    from isogloss.gradients import WeightingSpec
    from isogloss.training.combine import RunningWeightedSum
    from isogloss.training.gradient_combine import RunningGradientCombine
    from isogloss.training.gradnorm_combine import RunningGradNorm
    from isogloss.training.loss_combine import LossWeightingSpec, RunningLossCombine
    from isogloss.training.meta_step import RunningMetaStep
    from isogloss.training.slow_weights_step import RunningSlowWeightsStep
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
class MetaStep:
    """Names the step of Algorithm 1, and its mixed-batch form.

    With batches of one language, language i: phi_i moves by the gradient of the mean validation
    loss of all languages after a look-ahead of theta on language i, then theta moves by the
    training loss under the new phi_i. With mixed batches the same is done for all languages at
    once: one look-ahead on the mixed batch, one mixed validation batch.

    Attributes:
        shared: optimizer of theta.
        specific: optimizer of phi, with moments of its own.
        schedule: a key of `SCHEDULES`, for both.
        warm_up: share of the updates with a rising learning rate.
        clip: largest global L2 norm of the gradient of theta, and of phi.
        hypergradient: a key of `HYPERGRADIENTS`.
        inner_rate: beta; None = the current learning rate of theta (the authors' default).
        inner_preconditioner: `none` = plain look-ahead (the paper), `adam` = D from theta's second
            moments, so that it is as long as a real update.
        radius: r of the finite difference.
        inner: where the batch of the look-ahead comes from; None = the batch of theta's step.
        validation: where the mixed validation batch comes from, or that of each language.
        only_other_languages: J leaves out language i itself.
        order: `modules_first` as in the paper, `shared_first` as in the authors' code.
        shared_step_moves: `shared` = theta (the paper), `all` = phi_i too (the authors' code).
    """

    inner: SamplerSpec | None
    validation: tuple[SamplerSpec, ...]
    shared: AdamWSettings = field(default_factory=AdamWSettings)
    specific: AdamWSettings = field(default_factory=AdamWSettings)
    schedule: str = "cosine"
    warm_up: float = 0.1
    clip: float = 1.0
    hypergradient: str = "exact"
    inner_rate: float | None = None
    inner_preconditioner: Literal["none", "adam"] = "none"
    radius: float = 0.01
    only_other_languages: bool = False
    order: Literal["modules_first", "shared_first"] = "modules_first"
    shared_step_moves: Literal["shared", "all"] = "shared"

    @property
    def passes(self) -> float:
        """Forward-backward passes an update: inner + validation + what `mixed` costs + theta's."""
        if self.hypergradient == "first_order":
            return 3.0
        return 1.0 + len(self.validation) - self.only_other_languages + 2.0 + 1.0

    @property
    def samplers(self) -> tuple[SamplerSpec, ...]:
        """Where the batches of the look-ahead and of validation come from."""
        return (*(() if self.inner is None else (self.inner,)), *self.validation)

    def build(self, context: BuildContext) -> RunningMetaStep:
        """Return the step of one run."""
        from isogloss.training.meta_step import RunningMetaStep

        return RunningMetaStep(self, context)

    def warnings(self, plan: TrainingPlan, context: BuildContext) -> tuple[str, ...]:
        """Return a warning where the held-out validation text is so little that it is memorised."""
        return memorised(self.validation, plan, context)


@dataclass(frozen=True)
class SlowWeightsStep:
    """Names a step whose weights return to slow weights that follow them.

    The slow weights are evaluated and kept. Outer updates come after inner steps K, 2K, ... and
    after the last one. The learning rate's schedule runs over all inner steps and never restarts.

    Attributes:
        inner: the step that is wrapped.
        inner_steps: K; None = as many as languages with training data.
        outer_learning_rate: share of the way that the slow weights go, in [0, 1].
        optimizer_state: of the inner step: "carry" it over, or "reset" it whenever the weights
            return to the slow ones.
        per_language: the weights return whenever another language's batches begin, and the slow
            ones follow the mean over the languages (Reptile), instead of the last inner weights.
    """

    inner: StepSpec
    inner_steps: int | None
    outer_learning_rate: float
    optimizer_state: Literal["carry", "reset"] = "carry"
    per_language: bool = False

    def __post_init__(self) -> None:
        if self.inner_steps is not None and self.inner_steps < 1:
            raise _refused("inner steps >= 1", self.inner_steps)
        if not 0 <= self.outer_learning_rate <= 1:
            raise _refused("an outer learning rate from 0 to 1", self.outer_learning_rate)

    @property
    def passes(self) -> float:
        """Passes of the inner step: an outer update costs none."""
        return self.inner.passes

    @property
    def samplers(self) -> tuple[SamplerSpec, ...]:
        """Those of the inner step."""
        return self.inner.samplers

    def build(self, context: BuildContext) -> RunningSlowWeightsStep:
        """Return the step of one run."""
        from isogloss.training.slow_weights_step import RunningSlowWeightsStep

        n_languages = len(training_languages(context))
        inner_steps = n_languages if self.inner_steps is None else self.inner_steps
        return RunningSlowWeightsStep(self, self.inner.build(context), inner_steps)

    def warnings(self, plan: TrainingPlan, context: BuildContext) -> tuple[str, ...]:
        """Return the warnings of the step that is wrapped."""
        return self.inner.warnings(plan, context)


@dataclass(frozen=True)
class WeightedSum:
    """Ordinary joint training: each language weighs as much as it has targets in the batch."""

    @property
    def passes(self) -> float:
        """One pass."""
        return 1.0

    def build(self, context: BuildContext) -> RunningWeightedSum:
        """Return the rule of one run."""
        from isogloss.training.combine import RunningWeightedSum

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
class GradNormCombine:
    """One backward pass through sum_l w_l L_l; w follows `gradnorm_derivative` by an Adam.

    The lengths |grad_W L_l| at W, the last linear map of the last layer, come from the same
    backward pass, where the authors' code runs one backward a language.

    Attributes:
        alpha: strength of the restoring force; 0 = equal lengths.
        learning_rate: of the weights' Adam.
        initial_batches: L_l(0) is the mean loss of language l over so many of its first batches;
            until every language of a batch has its L_l(0), no weight moves.
        non_finite: what to do when the gradient of a language is not finite.
    """

    alpha: float = 1.5
    learning_rate: float = 0.025
    initial_batches: int = 50
    non_finite: NonFinite = "stop"

    @property
    def passes(self) -> float:
        """One pass."""
        return 1.0

    def build(self, context: BuildContext) -> RunningGradNorm:
        """Return the rule of one run."""
        from isogloss.training.gradnorm_combine import RunningGradNorm

        return RunningGradNorm(self, context.languages)


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


def _refused(expected: str, found: float) -> InputError:
    return InputError(
        expected=expected,
        found=f"{found}",
        where="step with slow weights",
        next_step="Use for example 100 inner steps and a rate of 0.1.",
    )
