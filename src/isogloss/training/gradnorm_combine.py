"""GradNorm in a training: the last layer's gradients, by length, move the weights of losses."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import numpy as np
import torch
from torch import Tensor, nn

from isogloss.core import InputError, Language
from isogloss.gradients import GradientEngine, gradnorm_derivative, normalised, norms
from isogloss.models import MultilingualModel
from isogloss.objectives import LanguageLosses, Targets
from isogloss.training.engine import Engine
from isogloss.training.loss_combine import global_means
from isogloss.training.non_finite import forget_gradients, refuse_non_finite
from isogloss.training.parts import GradNormCombine
from isogloss.training.weightings.adam import LanguageAdam


class RunningGradNorm:
    """GradNorm of one run; see `Combine` for the contract."""

    def __init__(self, settings: GradNormCombine, languages: tuple[Language, ...]) -> None:
        n = len(languages)
        self._settings, self._languages = settings, languages
        self._adam = LanguageAdam(np.ones(n), settings.learning_rate)
        self._initial, self._batches = np.zeros(n), np.zeros(n)
        self._engine: GradientEngine | None = None
        self._present: list[int] = []
        self._skipped = 0

    @property
    def weights(self) -> Tensor:
        """Weight of each language's loss, in sum their number, shape [languages]."""
        return torch.from_numpy(self._adam.values.copy())

    def watching(
        self, model: nn.Module, targets: Targets, engine: Engine
    ) -> AbstractContextManager[object]:
        """Watch the last layer in the forward pass of one update."""
        if self._engine is None:
            last = last_linear(model)
            self._engine = GradientEngine(model, choose=lambda path: path == last)
        self._present = targets.count.nonzero().squeeze(1).tolist()
        return self._engine.watch(
            targets.batch.language,
            targets.row,
            present=self._present,
            reduce=engine.sum_across_processes if engine.world_size > 1 else None,
        )

    def backward(self, losses: LanguageLosses, model: nn.Module, engine: Engine) -> None:
        """Fill `.grad` by the weights so far, then move the weights."""
        assert self._engine is not None, "the forward pass ran outside `watching`"
        means = (losses.total / losses.count)[self._present]
        weights = self.weights[self._present].to(means)
        (weights * means).sum().backward()
        lengths = norms(self._engine.take(self.weights).gramian()).numpy()
        current = global_means(losses, engine)[self._present]
        fine = np.isfinite(lengths) & np.isfinite(current)
        if fine.all():
            self._move(lengths, current)
            return
        names = [str(self._languages[self._present[row]]) for row in np.flatnonzero(~fine)]
        refuse_non_finite(names, "gradient", self._settings.non_finite)
        forget_gradients(model)
        self._skipped += 1

    def _move(self, lengths: np.ndarray, losses: np.ndarray) -> None:
        """Take in the losses of one batch; move the weights once all L_l(0) are known."""
        index = np.array(self._present)
        known = self._batches[index] >= self._settings.initial_batches
        self._initial[index[~known]] += losses[~known]
        self._batches[index[~known]] += 1
        if not known.all():
            return
        ratios = losses / (self._initial[index] / self._batches[index])
        weights = self._adam.values[index]
        slope = gradnorm_derivative(weights, lengths, ratios, self._settings.alpha)
        self._adam.step(slope, self._present)
        self._adam.values = normalised(self._adam.values)

    def after_step(self, losses: Callable[[], LanguageLosses], engine: Engine) -> None:
        """Do nothing."""

    def metrics(self) -> dict[str, float]:
        """Return the weight of each language, and the updates that were skipped so far."""
        named = zip(self._languages, self._adam.values.tolist(), strict=True)
        skipped = {"skipped_updates": float(self._skipped)} if self._skipped else {}
        return {**{f"weight/{language}": value for language, value in named}, **skipped}

    def state(self) -> dict[str, Tensor]:
        """Return the weights, their moments and the initial losses."""
        initial = np.stack([self._initial, self._batches])
        return {**self._adam.state(), "initial": torch.from_numpy(initial)}

    def load_state(self, state: dict[str, Tensor]) -> None:
        """Take back what `state` returned."""
        self._adam.load_state(state)
        self._initial, self._batches = state["initial"].cpu().numpy().copy()


def last_linear(model: nn.Module) -> str:
    """Return the path of the last linear map of the last layer: the last that all languages share.

    Raises:
        InputError: it is not trained, or `model` holds no encoder of ours.
    """
    encoders = [m for m in model.modules() if isinstance(m, MultilingualModel)]
    layers = [encoder.attachment.layers_of(encoder.backbone)[-1] for encoder in encoders]
    trained = [
        module
        for layer in layers
        for module in layer.modules()
        if isinstance(module, nn.Linear) and module.weight.requires_grad
    ]
    if not trained:
        raise InputError(
            expected="a trained linear map in the last layer of the encoder",
            found="none",
            where="combine: gradnorm",
            next_step="Train the last layer, or weigh the losses by `uncertainty_weighting`.",
        )
    return next(path for path, module in model.named_modules() if module is trained[-1])
