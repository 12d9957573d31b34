"""Slow weights as part of a plan, and how long their inner loop is where nobody says so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from isogloss.core import InputError
from isogloss.training import (
    BuildContext,
    SamplerSpec,
    StepSpec,
    TrainingPlan,
    training_languages,
)

if TYPE_CHECKING:
    from isogloss.treatments.steps.slow_weights.step import RunningSlowWeightsStep

# With a rate of 0.1 the slow weights come 1 - 0.9^40 = 98.5 % of the way. A fixed number of inner
# steps, 1000 say, would leave a short training near its first weights.
OUTER_UPDATES: Final = 40


def inner_steps(wanted: int | None, plan: TrainingPlan) -> int:
    """Return the inner steps of an outer update.

    Args:
        wanted: the number, or None for a fortieth of the training, and at least one step for each
            language.
        plan: whose updates are divided.
    """
    if wanted is not None:
        return wanted
    return max(-(-plan.updates // OUTER_UPDATES), len(plan.languages))


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
        from isogloss.treatments.steps.slow_weights.step import RunningSlowWeightsStep

        n_languages = len(training_languages(context))
        inner_steps = n_languages if self.inner_steps is None else self.inner_steps
        return RunningSlowWeightsStep(self, self.inner.build(context), inner_steps)

    def warnings(self, plan: TrainingPlan, context: BuildContext) -> tuple[str, ...]:
        """Return the warnings of the step that is wrapped."""
        return self.inner.warnings(plan, context)


def _refused(expected: str, found: float) -> InputError:
    return InputError(
        expected=expected,
        found=f"{found}",
        where="step with slow weights",
        next_step="Use for example 100 inner steps and a rate of 0.1.",
    )
