"""Any step with slow weights behind it: an outer update after every few inner ones."""

from contextlib import AbstractContextManager
from typing import Final

import torch
from torch import Tensor

from isogloss.core import InputError
from isogloss.data import Batch
from isogloss.objectives import LanguageLosses
from isogloss.training import Step, StepContext
from isogloss.treatments.steps.slow_weights.spec import SlowWeightsStep
from isogloss.treatments.steps.slow_weights.weights import SlowWeights

_NO_CHAIN: Final = -1


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
