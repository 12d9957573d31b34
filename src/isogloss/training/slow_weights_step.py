"""Any step with slow weights behind it: an outer update after every few inner ones."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Final, Literal

import torch
from torch import Tensor

from isogloss.core import InputError
from isogloss.data import Batch
from isogloss.objectives import LanguageLosses
from isogloss.training.contract import Step, StepContext
from isogloss.training.plan import BuildContext, StepSpec, TrainingPlan
from isogloss.training.sampling import training_languages
from isogloss.training.slow_weights import SlowWeights

_NO_CHAIN: Final = -1


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

    def build(self, context: BuildContext) -> "RunningSlowWeightsStep":
        """Return the step of one run.

        Raises:
            InputError: no inner steps, or an outer learning rate out of its range.
        """
        if self.inner_steps is not None and self.inner_steps < 1:
            raise _refused("inner steps >= 1", self.inner_steps)
        if not 0 <= self.outer_learning_rate <= 1:
            raise _refused("an outer learning rate from 0 to 1", self.outer_learning_rate)
        n_languages = len(training_languages(context))
        inner_steps = n_languages if self.inner_steps is None else self.inner_steps
        return RunningSlowWeightsStep(self, self.inner.build(context), inner_steps)

    def warnings(self, plan: TrainingPlan, context: BuildContext) -> tuple[str, ...]:
        """Return the warnings of the step that is wrapped."""
        return self.inner.warnings(plan, context)


class RunningSlowWeightsStep:
    """A step with slow weights of one run; see `Step` for the contract."""

    def __init__(self, settings: SlowWeightsStep, inner: Step, inner_steps: int) -> None:
        self._settings, self._inner, self._inner_steps = settings, inner, inner_steps
        self._language = _NO_CHAIN

    def start(self, context: StepContext) -> None:
        """Copy the weights that the run begins with."""
        self._context = context
        self._inner.start(context)
        self._slow = SlowWeights(
            context.model.named_parameters(), self._settings.outer_learning_rate
        )

    def update(self, update: int, batch: Batch) -> LanguageLosses:
        """One inner step, and an outer update if it is time."""
        if self._settings.per_language:
            self._change_language(batch)
        losses = self._inner.update(update, batch)
        if (update + 1) % self._inner_steps == 0 or update + 1 == self._context.updates:
            self._slow.advance()
            self._returned()
        return losses

    def _change_language(self, batch: Batch) -> None:
        """Go back to the slow weights where the batches of another language begin."""
        languages = batch.language.unique().tolist()
        if len(languages) != 1:
            raise InputError(
                expected="batches of one language each",
                found=f"a batch of {len(languages)} languages",
                where="a step with one chain for each language",
                next_step="Use `SingleLanguageSampling` as the plan's sampler.",
            )
        if self._language not in (_NO_CHAIN, languages[0]):
            self._slow.end_chain()
            self._returned()
        self._language = languages[0]

    def _returned(self) -> None:
        """Note that the weights are at the slow ones."""
        self._language = _NO_CHAIN
        if self._settings.optimizer_state == "reset":
            self._inner.start(self._context)

    def learning_rate(self, update: int) -> float:
        """Return the inner learning rate of an update."""
        return self._inner.learning_rate(update)

    def metrics(self) -> dict[str, float]:
        """Return the inner step's numbers."""
        return self._inner.metrics()

    def evaluation(self) -> AbstractContextManager[object]:
        """Return a context in which the model has the slow weights."""
        return self._slow.exchanged()

    def finish(self) -> None:
        """Leave the slow weights in the model."""
        self._inner.finish()
        self._slow.restore()

    @property
    def passes(self) -> float:
        """Passes of the inner step: an outer update costs none."""
        return self._inner.passes

    def state(self) -> dict[str, Tensor]:
        """Return both kinds of state; the inner weights are the model's."""
        return {
            "language": torch.tensor(self._language),
            **{f"slow/{name}": value for name, value in self._slow.state().items()},
            **{f"inner/{name}": value for name, value in self._inner.state().items()},
        }

    def load_state(self, state: dict[str, Tensor]) -> None:
        """Take back what `state` returned."""
        self._language = int(state["language"])
        self._slow.load_state(_part(state, "slow/"))
        self._inner.load_state(_part(state, "inner/"))


def _part(state: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    """Return the tensors under a prefix, without it."""
    return {key[len(prefix) :]: value for key, value in state.items() if key.startswith(prefix)}


def _refused(expected: str, found: float) -> InputError:
    return InputError(
        expected=expected,
        found=f"{found}",
        where="step with slow weights",
        next_step="Use for example 100 inner steps and a rate of 0.1.",
    )
