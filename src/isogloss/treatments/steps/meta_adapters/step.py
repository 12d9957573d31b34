"""The meta-learning step: language-specific weights learn from a look-ahead of the shared ones."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial

import torch
from torch import Tensor, nn

from isogloss.core import InputError, look_up
from isogloss.data import Batch
from isogloss.models import MultilingualModel
from isogloss.objectives import LanguageLosses, Targets
from isogloss.training import (
    SCHEDULES,
    BuildContext,
    SlotAdamW,
    StepContext,
    losses_now,
    rate,
    seed_dropout,
)
from isogloss.treatments.steps.meta_adapters.hypergradients import (
    HYPERGRADIENTS,
    FunctionalLoss,
    Hypergradient,
    LookAhead,
    Parameters,
    ValidationLoss,
    mean_over_targets,
    sum_of_means,
)
from isogloss.treatments.steps.meta_adapters.treatment import MetaStep

# The passes of one update see other masks and other dropout; each of these is one draw.
_SHARED, _INNER, _VALIDATION = 0, 1, 2
_DRAW = 1 << 40


class RunningMetaStep:
    """The meta step of one run; see `Step` for the contract.

    Everything random in a pass (masks, dropout) follows from the update and the pass, so the
    finite difference compares like with like and a resumed run draws the same.
    """

    def __init__(self, settings: MetaStep, context: BuildContext) -> None:
        self._settings = settings
        self._schedule = look_up(SCHEDULES, settings.schedule, "schedule")
        self._method = look_up(HYPERGRADIENTS, settings.hypergradient, "hypergradient")
        self._seed, self._n_languages = context.seed, len(context.languages)
        self._inner = None if settings.inner is None else settings.inner.build(context)
        self._validation = [spec.build(context) for spec in settings.validation]
        self._signals: list[Tensor] = []
        self._last = 0

    def start(self, context: StepContext) -> None:
        """Divide the parameters, create the two optimizers, ask for attention that suits."""
        self._context = context
        assert isinstance(context.model, MultilingualModel)
        _refuse_recomputation(context.model)
        if self._settings.hypergradient == "exact":
            context.model.use_attention("math")  # fused kernels have no second derivative
        self._losses = FunctionalLoss(context.model, context.objective)
        named = [(n, p) for n, p in context.model.named_parameters() if p.requires_grad]
        self._theta = {name: p for name, p in named if name not in context.slots}
        self._phi = {name: p for name, p in named if name in context.slots}
        self._shared = SlotAdamW(self._theta.items(), {}, self._settings.shared)
        self._specific = SlotAdamW(self._phi.items(), context.slots, self._settings.specific)

    def update(self, update: int, batch: Batch) -> LanguageLosses:
        """Move phi and theta, in the order asked for; return the losses of theta's pass."""
        self._last = update
        if self._settings.order == "modules_first":
            self._move_modules(update, batch)
            return self._move_shared(update, batch)
        losses = self._move_shared(update, batch)
        self._move_modules(update, batch)
        return losses

    def _move_modules(self, update: int, batch: Batch) -> None:
        """Line 6 of Algorithm 1: phi_i <- phi_i - alpha grad J_i(phi_i)."""
        inner = batch if self._inner is None else self._inner.batch(update)
        ahead = self._look_ahead(update)
        train = self._targets(inner, update, _INNER)
        found = self._method(
            lambda theta, phi: mean_over_targets(self._loss(train, update, _INNER, theta, phi)),
            self._validation_losses(update, inner),
            self._theta,
            self._phi,
            ahead,
        )
        found = _only_present(found, self._context.slots, inner.language)
        self._signals.append(torch.stack(found.signal(ahead.beta)))
        for name, gradient in found.total(ahead.beta).items():
            self._phi[name].grad = gradient
        self._step(self._specific, update, inner)

    def _validation_losses(self, update: int, inner: Batch) -> list[ValidationLoss]:
        """Return the terms of J: every language, or (with a batch each) all but the sampled one."""
        languages = inner.language.unique().tolist()
        terms = []
        for number, sampler in enumerate(self._validation):
            batch = sampler.batch(update)
            own = set(batch.language.unique().tolist())
            if self._settings.only_other_languages and own == set(languages):
                continue
            terms.append(self._term(update, _VALIDATION + number, batch, languages))
        return terms

    def _term(self, update: int, draw: int, batch: Batch, sampled: Sequence[int]) -> ValidationLoss:
        """Return the share of one validation batch in J = (1/n) sum_j L_val^j."""
        targets = self._targets(batch, update, draw)
        n_validated = self._n_languages - self._settings.only_other_languages

        def loss(theta: Parameters, phi: Parameters) -> Tensor:
            return sum_of_means(self._loss(targets, update, draw, theta, phi)) / n_validated

        validated = batch.language.unique().tolist()
        return ValidationLoss(loss, is_direct=self._share_a_slot(sampled, validated))

    def _share_a_slot(self, first: Sequence[int], second: Sequence[int]) -> bool:
        """Tell whether two sets of languages use a common language-specific module."""
        return any(
            {slots[one] for one in first} & {slots[one] for one in second}
            for name, slots in self._context.slots.items()
            if name in self._phi
        )

    def _move_shared(self, update: int, batch: Batch) -> LanguageLosses:
        """Line 7 of Algorithm 1: theta <- theta - lr grad L_train(theta, phi)."""
        context = self._context
        moves_all = self._settings.shared_step_moves == "all"
        seed_dropout(self._seed, update, context.engine.rank)
        with _constant(() if moves_all else self._phi.values()):
            targets = self._targets(batch, update, _SHARED)
            watching = context.combine.watching(context.model, targets, context.engine)
            with context.engine.autocast(), watching:
                losses = context.objective.losses(context.model, targets)
            context.combine.backward(losses, context.model, context.engine)
        for optimizer in (self._shared, self._specific) if moves_all else (self._shared,):
            gradients = [p.grad for p in optimizer.parameters if p.grad is not None]
            context.engine.sum_across_processes(gradients)
            self._step(optimizer, update, batch)
        context.combine.after_step(partial(losses_now, context, targets), context.engine)
        return LanguageLosses(losses.total.detach(), losses.count)

    def _step(self, optimizer: SlotAdamW, update: int, batch: Batch) -> None:
        """Clip, step and forget the gradients of one optimizer."""
        torch.nn.utils.clip_grad_norm_(optimizer.parameters, self._settings.clip)
        optimizer.step(self._factor(update), batch.language)
        optimizer.zero_grad()

    def _look_ahead(self, update: int) -> LookAhead:
        """Return beta and D of this update."""
        settings = self._settings
        beta = self.learning_rate(update) if settings.inner_rate is None else settings.inner_rate
        adam = settings.inner_preconditioner == "adam"
        return LookAhead(
            beta,
            self._shared.preconditioner() if adam else None,
            settings.radius,
            self._context.engine.sum_across_processes,
        )

    def _targets(self, batch: Batch, update: int, draw: int) -> Targets:
        """Return this process's share of a batch with the masks of one draw."""
        engine = self._context.engine
        targets = self._context.objective.prepare(batch, update + draw * _DRAW)
        return targets.shard(engine.rank, engine.world_size).to(engine.device)

    def _loss(
        self, targets: Targets, update: int, draw: int, theta: Parameters, phi: Parameters
    ) -> LanguageLosses:
        """Return the losses of one pass under other weights, with the dropout of its draw."""
        engine = self._context.engine
        seed_dropout(self._seed, update, engine.rank + draw * engine.world_size)
        return self._losses.under({**theta, **phi}, targets)

    def _factor(self, update: int) -> float:
        """Return the schedule's factor at an update."""
        return rate(self._schedule, update, self._context.updates, self._settings.warm_up)

    def learning_rate(self, update: int) -> float:
        """Return the learning rate of theta at an update."""
        return self._settings.shared.learning_rate * self._factor(update)

    def metrics(self) -> dict[str, float]:
        """Return how loud the cross-lingual term was since the last call, and its direction.

        With it `meta_validation_epochs`: how often the validation text that was read most has been
        read so far. A slice that is read over and over is memorised.
        """
        if not self._signals:
            return {}
        ratio, cosine = torch.stack(self._signals).nanmean(0).tolist()
        self._signals = []
        epochs = [sampler.epochs_per_language(self._last + 1).max() for sampler in self._validation]
        found = {
            "meta_ratio": ratio,
            "meta_cosine": cosine,
            "meta_validation_epochs": float(max(epochs)),
        }
        return {name: value for name, value in found.items() if math.isfinite(value)}

    def evaluation(self) -> AbstractContextManager[object]:
        """Return an empty context: the weights in training are the weights."""
        return nullcontext()

    def finish(self) -> None:
        """Do nothing: the last weights are kept."""

    def state(self) -> dict[str, Tensor]:
        """Return the moments of both optimizers."""
        return {**self._shared.state(), **self._specific.state()}

    def load_state(self, state: dict[str, Tensor]) -> None:
        """Take back the moments of both optimizers."""
        specific = {key for key in state if key.rsplit("/", 1)[0] in self._phi}
        self._specific.load_state({key: state[key] for key in specific})
        self._shared.load_state({key: state[key] for key in state.keys() - specific})


def _refuse_recomputation(model: MultilingualModel) -> None:
    """Refuse activation checkpointing: its recomputation reads the module's own weights."""
    if model.backbone.is_activation_checkpointing:
        raise InputError(
            expected="activation checkpointing off",
            found="a backbone with activation checkpointing on",
            where="the meta-learning step, which runs the model under other weights",
            next_step="Call `model.backbone.activation_checkpointing_disable()`: recomputed with "
            "the model's own weights, gradients would be wrong without a word.",
        )


@contextmanager
def _constant(parameters: Iterable[nn.Parameter]) -> Iterator[None]:
    """Take no gradient of `parameters` inside."""
    held = list(parameters)
    for parameter in held:
        parameter.requires_grad_(False)
    try:
        yield
    finally:
        for parameter in held:
            parameter.requires_grad_(True)


def _only_present(
    found: Hypergradient, slots: Mapping[str, tuple[int, ...]], languages: Tensor
) -> Hypergradient:
    """Return the hypergradient at the slots of the sampled languages, zero elsewhere.

    With one validation batch for all, other languages' modules have a direct part too; Algorithm 1
    moves those of the sampled language alone.
    """
    present = languages.unique().tolist()

    def masked(parts: dict[str, Tensor]) -> dict[str, Tensor]:
        kept = {}
        for name, value in parts.items():
            mask = torch.zeros(value.shape[0], dtype=value.dtype)
            mask[sorted({slots[name][language] for language in present})] = 1
            kept[name] = value * mask.to(value.device).view(-1, *(1,) * (value.ndim - 1))
        return kept

    return Hypergradient(masked(found.direct), masked(found.mixed), found.train)
