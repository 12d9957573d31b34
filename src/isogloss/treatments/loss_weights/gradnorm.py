"""GradNorm: weights that keep the languages' gradients at lengths in proportion to their lag."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from isogloss.core import InputError, Language
from isogloss.gradients import Array
from isogloss.training import BuildContext, TrainingPlan
from isogloss.treatments.loss_weights.adam import LanguageAdam

if TYPE_CHECKING:
    from torch import Tensor, nn

    from isogloss.gradients import GradientEngine
    from isogloss.objectives import LanguageLosses, Targets
    from isogloss.training import Engine


def gradnorm_derivative(weights: Array, lengths: Array, ratios: Array, alpha: float) -> Array:
    """Return d L_grad / d w for the loss that balances gradient lengths.

    G_i = w_i |grad_W L_i|, Gbar their mean, r_i = (L_i / L_i(0)) / mean of the same;
    L_grad = sum_i |G_i - Gbar r_i^alpha| with Gbar r_i^alpha held constant (equation 2).

    Args:
        weights: w, shape [n].
        lengths: |grad_W L_i| of the unweighted losses at the last shared layer, shape [n].
        ratios: L_i / L_i(0), shape [n].
        alpha: strength of the restoring force; 0 = equal lengths.

    Example:
        >>> one, two = np.ones(2), np.array([1.0, 2.0])
        >>> gradnorm_derivative(one, two, one, 1.5).tolist()
        [-1.0, 2.0]

    Reference:
        Algorithm 1 of the paper of `GradNorm`.
    """
    weighted = weights * lengths
    target = weighted.mean() * (ratios / ratios.mean()) ** alpha
    return np.sign(weighted - target) * lengths


def normalised(weights: Array, least: float = 1e-3) -> Array:
    """Return the weights, none below `least`, scaled to sum to their number."""
    kept = np.maximum(weights, least)
    return kept * len(kept) / kept.sum()


@dataclass(frozen=True)
class GradNorm:
    """Weights of the losses follow the lengths of the gradients of the last layer.

    A language that has learned less than the others gets a longer gradient.

    Attributes:
        alpha: strength of the restoring force; 0 = equal lengths.
        learning_rate: of the weights.
        initial_batches: of a language, over which its first loss is averaged.
        non_finite: "stop" or "skip" the update when a language's gradient is not finite.

    Reference:
        Chen, Badrinarayanan, Lee, Rabinovich. GradNorm: Gradient Normalization for Adaptive Loss
        Balancing in Deep Multitask Networks. ICML 2018, Algorithm 1.
        https://arxiv.org/abs/1711.02257

        @inproceedings{chen-etal-2018-gradnorm,
          title = {{GradNorm}: Gradient Normalization for Adaptive Loss Balancing in Deep Multitask
                   Networks},
          author = {Chen, Zhao and Badrinarayanan, Vijay and Lee, Chen-Yu and Rabinovich, Andrew},
          booktitle = {Proceedings of ICML},
          year = {2018}
        }
    """

    name: ClassVar[str] = "gradnorm"
    parts: ClassVar[tuple[str, ...]] = ("combine",)
    separate: ClassVar[bool] = False
    claim: ClassVar[str] = (
        "With alpha 0 the weighted gradients of the last layer come to equal lengths."
    )

    alpha: Annotated[float, Field(ge=0)] = 1.5
    learning_rate: Annotated[float, Field(gt=0)] = 0.025
    initial_batches: Annotated[int, Field(ge=1)] = 50
    non_finite: Literal["stop", "skip"] = "stop"

    def apply(self, plan: TrainingPlan) -> TrainingPlan:
        """Return the plan with GradNorm as its combination rule."""
        combine = GradNormCombine(
            self.alpha, self.learning_rate, self.initial_batches, self.non_finite
        )
        return plan.replace_parts(self.name, combine=combine)

    def candidates(self) -> tuple[GradNorm, ...]:
        """Return itself."""
        return (self,)


@dataclass(frozen=True)
class GradNormCombine:
    """One backward pass through sum_l w_l L_l; w follows `gradnorm_derivative` by an Adam.

    The lengths |grad_W L_l| at W, the last linear map of the last layer, come from the same
    backward pass, where the authors' code runs one backward per language.

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
    non_finite: Literal["stop", "skip"] = "stop"

    @property
    def passes(self) -> float:
        """One pass."""
        return 1.0

    def build(self, context: BuildContext) -> RunningGradNorm:
        """Return the rule of one run."""
        return RunningGradNorm(self, context.languages)


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
        import torch

        return torch.from_numpy(self._adam.values.copy())

    def watching(
        self, model: nn.Module, targets: Targets, engine: Engine
    ) -> AbstractContextManager[object]:
        """Watch the last layer in the forward pass of one update."""
        from isogloss.gradients import GradientEngine

        if self._engine is None:
            last = last_linear(model)
            self._engine = GradientEngine(model, choose=lambda path: path == last)
        self._present = list(targets.present)
        return self._engine.watch(
            targets.batch.language,
            targets.row,
            present=self._present,
            reduce=engine.sum_across_processes if engine.world_size > 1 else None,
        )

    def backward(self, losses: LanguageLosses, model: nn.Module, engine: Engine) -> None:
        """Fill `.grad` by the weights so far, then move the weights."""
        from isogloss.gradients import norms
        from isogloss.training import forget_gradients, global_means, refuse_non_finite

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
        import torch

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
    from torch import nn

    from isogloss.models import MultilingualModel

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
