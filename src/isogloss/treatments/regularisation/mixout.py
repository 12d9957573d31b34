"""Mixout: dropout to the pretrained weights instead of to zero."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from isogloss.core import InputError
from isogloss.training import BuildContext, OptimizerStep, SamplerSpec, TrainingPlan

if TYPE_CHECKING:
    from torch import Tensor, nn

    from isogloss.data import Batch
    from isogloss.objectives import LanguageLosses
    from isogloss.training import RunningOptimizerStep, StepContext


@dataclass(frozen=True)
class Mixout:
    """In each update a random share p of the encoder's weights is the run's first weights u.

    The forward pass uses (M u + (1 - M) w - p u) / (1 - p), M = 1 with probability p, which is w in
    the mean. It is meant for runs that start from a pretrained model u. Weights of linear layers
    are mixed, but for those that are embeddings as well; outside training there is no mixing.

    Attributes:
        share: p; the paper uses 0.7 to 0.9.

    Reference:
        Lee, Cho, Kang. Mixout: Effective Regularization to Finetune Large-scale Pretrained Language
        Models. ICLR 2020, equation 5. https://arxiv.org/abs/1909.11299

        @inproceedings{lee-etal-2020-mixout,
          title = {Mixout: Effective Regularization to Finetune Large-scale Pretrained Language
                   Models},
          author = {Lee, Cheolhyoung and Cho, Kyunghyun and Kang, Wanmo},
          booktitle = {Proceedings of ICLR},
          year = {2020}
        }
    """

    name: ClassVar[str] = "mixout"
    parts: ClassVar[tuple[str, ...]] = ("step",)
    separate: ClassVar[bool] = False
    claim: ClassVar[str] = (
        "A quadratic loss grows, in the mean, by p / (1 - p) / 2 times the squared distance from "
        "the first weights, weighted by its curvature: an L2 penalty that adapts."
    )

    share: Annotated[float, Field(gt=0, lt=1)] = 0.7

    def apply(self, plan: TrainingPlan) -> TrainingPlan:
        """Return the plan with mixing in its step."""
        return plan.replace_parts(self.name, step=MixoutStep(plan.step, self.share))  # type: ignore[arg-type]

    def candidates(self) -> tuple[Mixout, ...]:
        """Return itself."""
        return (self,)


@dataclass(frozen=True)
class MixoutStep:
    """Names the plain step with mixed weights.

    Attributes:
        plain: the step whose forward and backward pass see mixed weights.
        share: of the weights that are the first ones.
    """

    plain: OptimizerStep
    share: float

    @property
    def passes(self) -> float:
        """One pass."""
        return 1.0

    @property
    def samplers(self) -> tuple[SamplerSpec, ...]:
        """Return nothing: it draws no batches of its own."""
        return ()

    def build(self, context: BuildContext) -> RunningMixout:
        """Return the step of one run."""
        return RunningMixout(self.plain.build(context), self.share, context.seed)

    def warnings(self, plan: TrainingPlan, context: BuildContext) -> tuple[str, ...]:
        """Return the warnings of the step that is wrapped."""
        return self.plain.warnings(plan, context)


class RunningMixout:
    """The plain step with mixed weights; see `Step` for the contract."""

    def __init__(self, plain: RunningOptimizerStep, share: float, seed: int) -> None:
        self._plain, self._share, self._seed = plain, share, seed
        self.learning_rate = plain.learning_rate
        self.metrics, self.finish = plain.metrics, plain.finish

    def start(self, context: StepContext) -> None:
        """Remember the weights that the run begins with.

        Raises:
            InputError: no linear layer of the encoder may move.
        """
        from isogloss.treatments.regularisation.anchor import Anchor

        self._plain.start(context)
        self._anchor = Anchor(context.model)
        linear = _linear_weights(context.model)
        self._mixed = [name for name, p in self._anchor.parameters.items() if id(p) in linear]
        if not self._mixed:
            raise InputError(
                expected="linear layers of the encoder that may move",
                found="all of them frozen",
                where="treatments.mixout",
                next_step="Leave mixout out where only adapters or heads are trained.",
            )

    def update(self, update: int, batch: Batch) -> LanguageLosses:
        """Forward and backward through mixed weights, clip, step on the weights themselves."""
        with self._mixing(update):
            losses = self._plain.accumulate(update, batch)
        self._plain.move(update, batch)
        return losses

    @contextmanager
    def _mixing(self, update: int) -> Iterator[None]:
        """Mix the weights, then put them back; gradients pass where w was, times 1 / (1 - p)."""
        import torch

        device = self._anchor.parameters[self._mixed[0]].device
        generator = torch.Generator(device).manual_seed(_digest(self._seed, update))
        kept: dict[str, tuple[Tensor, Tensor]] = {}
        with torch.no_grad():
            for name in self._mixed:
                w, u = self._anchor.parameters[name], self._anchor.values[name]
                drawn = torch.rand(w.shape, generator=generator, device=device)
                scale = (drawn >= self._share).to(w.dtype) / (1 - self._share)
                kept[name] = (w.clone(), scale)
                # The formula above, in a form that is u to the last bit where w is.
                w.copy_(u + scale * (w - u))
        try:
            yield
        finally:
            with torch.no_grad():
                for name, (w, scale) in kept.items():
                    parameter = self._anchor.parameters[name]
                    parameter.copy_(w)
                    if parameter.grad is not None:
                        parameter.grad.mul_(scale)

    def evaluation(self) -> AbstractContextManager[object]:
        """Return an empty context: the weights in training are the weights."""
        return self._plain.evaluation()

    def state(self) -> dict[str, Tensor]:
        """Return the optimizer's state and the first weights."""
        return {**self._plain.state(), **self._anchor.state()}

    def load_state(self, state: dict[str, Tensor]) -> None:
        """Take back what `state` returned."""
        anchor = self._anchor.state()
        self._anchor.load_state(state)
        self._plain.load_state({k: v for k, v in state.items() if k not in anchor})


def _linear_weights(model: nn.Module) -> set[int]:
    """Return the identities of weights that linear layers use and no other module does."""
    from torch import nn

    modules = list(model.modules())
    linear = {id(one.weight) for one in modules if isinstance(one, nn.Linear)}
    others = [one for one in modules if not isinstance(one, nn.Linear)]
    return linear - {id(p) for one in others for p in one.parameters(recurse=False)}


def _digest(seed: int, update: int) -> int:
    """Return a seed; of larger numbers, the CPU generator keeps the lower 32 bits only."""
    return int.from_bytes(hashlib.sha256(f"mixout\n{seed}\n{update}".encode()).digest()[:4])
