"""Gradient surgery: weights of the languages' gradients from their inner products."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import numpy as np
import torch
from torch import Tensor, nn

from isogloss.core import InputError, Language
from isogloss.gradients import (
    GradientEngine,
    KeptGradients,
    LanguageGradients,
    OnePass,
    Weighting,
    conflict_rate,
    mean_cosine,
    runs_apart,
)
from isogloss.objectives import LanguageLosses, Objective, Targets
from isogloss.training.engine import Engine
from isogloss.training.non_finite import forget_gradients, refuse_non_finite
from isogloss.training.parts import GradientCombine


class RunningGradientCombine:
    """Gradient surgery of one run; see `Combine` for the contract."""

    def __init__(
        self, settings: GradientCombine, weighting: Weighting, languages: tuple[Language, ...]
    ) -> None:
        self._settings, self._weighting, self._languages = settings, weighting, languages
        self._engine: GradientEngine | None = None
        self._present: list[int] = []
        self._broken: set[int] = set()
        self._skipped = 0
        self._last: LanguageGradients | None = None
        self._kept: KeptGradients | None = None

    def losses(
        self, objective: Objective, model: nn.Module, targets: Targets, engine: Engine
    ) -> LanguageLosses:
        """Run the forward pass: over all rows, or where that costs less over each language's.

        The directions are the same; where a model has dropout, each way draws numbers of its own.
        """
        one_pass: OnePass = "model" if self._settings.scope == "model" else "module"
        if not _runs_apart(model, targets, engine, one_pass):
            with engine.autocast(), self.watching(model, targets, engine):
                return objective.losses(model, targets)
        kept, total = self._begin(model, targets).keep(), torch.zeros_like(targets.count)
        for index in self._present:
            with engine.autocast():
                own = objective.losses(model, targets.only(index)).total[index]
            kept.add(index, own / targets.count[index])
            total[index] = own.detach()
        self._kept = kept
        return LanguageLosses(total, targets.count)

    def watching(
        self, model: nn.Module, targets: Targets, engine: Engine
    ) -> AbstractContextManager[object]:
        """Watch the forward pass of one update."""
        several = engine.world_size > 1
        return self._begin(model, targets).watch(
            targets.batch.language,
            targets.row,
            present=self._present,
            surgery=None if self._settings.scope == "model" else self._surgery(engine.world_size),
            reduce=engine.sum_across_processes if several else None,
        )

    def _begin(self, model: nn.Module, targets: Targets) -> GradientEngine:
        """Forget the last update; return the engine of this model."""
        if self._engine is None:
            granularity = "layer" if self._settings.scope == "layer" else "module"
            self._engine = GradientEngine(model, granularity=granularity)
        self._present, self._broken, self._kept = list(targets.present), set(), None
        return self._engine

    def backward(self, losses: LanguageLosses, model: nn.Module, engine: Engine) -> None:
        """Fill `.grad` with this process's share of the direction, or with nothing (a skip)."""
        assert self._engine is not None, "the forward pass ran outside `watching`"
        means = (losses.total / losses.count)[self._present]
        if self._kept is not None:
            self._direct_kept(self._kept)
        elif self._settings.scope == "model":
            self._engine.probe(means.sum())
            self._last = _something_seen(self._engine.take())
            weights = self._weights("model", self._last.gramian())
            if not self._broken:
                (weights.to(means) * means).sum().backward()
        else:
            means.sum().backward()
            self._last = _something_seen(self._engine.take())
            _average(model, self._last, len(self._present))
        if self._broken:
            self._refuse(model)

    def _direct_kept(self, kept: KeptGradients) -> None:
        """Weigh the gradients of passes over each language's rows."""
        by_model = self._settings.scope == "model"
        self._last = found = _something_seen(kept.take(surgery=not by_model))
        if by_model:
            kept.direct(self._weights("model", found.gramian()), kept.names)
            return
        for unit, gramian in found.by_module().items():
            kept.direct(self._weights(unit, gramian), kept.names_of(unit))
        even = torch.full((len(self._present),), 1 / len(self._present))
        kept.direct(even, kept.names)

    def _surgery(self, world_size: int) -> Callable[[str, Tensor], Tensor]:
        """Return the weights of one unit; every process holds the sum, and a share of it counts."""
        return lambda unit, gramian: self._weights(unit, gramian) / world_size

    def _weights(self, unit: str, gramian: Tensor) -> Tensor:
        """Return the weights of the present languages; of a zero row, zero."""
        rows = gramian.cpu().numpy()
        lengths = rows.diagonal()
        self._broken |= {
            self._present[row] for row in np.flatnonzero(~np.isfinite(lengths)).tolist()
        }
        weights = np.zeros(len(rows))
        alive = np.flatnonzero(lengths > 0)
        if len(alive) and not self._broken:
            languages = [self._present[row] for row in alive.tolist()]
            found = self._weighting.weights(unit, rows[np.ix_(alive, alive)], languages)
            weights[alive] = found
        return torch.from_numpy(weights)

    def _refuse(self, model: nn.Module) -> None:
        """Stop, or leave no gradient at all: what is not finite is never averaged in."""
        names = [str(self._languages[index]) for index in sorted(self._broken)]
        refuse_non_finite(names, "gradient", self._settings.non_finite)
        forget_gradients(model)
        self._skipped += 1

    def after_step(self, losses: Callable[[], LanguageLosses], engine: Engine) -> None:
        """Do nothing."""

    def metrics(self) -> dict[str, float]:
        """Return conflict in the last batch, and the updates that were skipped so far."""
        found = {"skipped_updates": float(self._skipped)} if self._skipped else {}
        if self._last is not None and len(self._last.languages) > 1 and not self._broken:
            gramian = self._last.gramian()
            found["gradient_conflict_rate"] = conflict_rate(gramian)
            found["gradient_cosine"] = mean_cosine(gramian)
        return {name: value for name, value in found.items() if np.isfinite(value)}

    def state(self) -> dict[str, Tensor]:
        """Return what the next weights depend on."""
        return self._weighting.state()

    def load_state(self, state: dict[str, Tensor]) -> None:
        """Take back what `state` returned."""
        self._weighting.load_state(state)


def _runs_apart(model: nn.Module, targets: Targets, engine: Engine, one_pass: OnePass) -> bool:
    """Return whether the languages' rows run one after the other: on one process and a CPU only.

    Several processes would have to sum every language's gradient, and on a GPU it was not measured.
    """
    if engine.world_size > 1 or engine.device.type != "cpu" or type(targets) is not Targets:
        return False
    n_trained = sum(p.numel() for p in model.parameters() if p.requires_grad)
    n_positions = targets.batch.input_ids.numel()
    return runs_apart(len(targets.present), n_positions, n_trained, one_pass=one_pass)


def _something_seen(found: LanguageGradients) -> LanguageGradients:
    """Refuse a model in which there is nothing to weigh."""
    if found.coverage.seen:
        return found
    raise InputError(
        expected="trained parameters that languages share, in modules that can be split",
        found=str(found.coverage).replace("\n", "; "),
        where="combine",
        next_step="Train shared parameters too, or leave the treatment of gradients out.",
    )


def _average(model: nn.Module, found: LanguageGradients, n_languages: int) -> None:
    """Turn the sum over languages into the mean where autograd computed the gradient."""
    left = {*found.coverage.unseen, *found.coverage.language_specific}
    for name, parameter in model.named_parameters():
        if name in left and parameter.grad is not None:
            parameter.grad /= n_languages
