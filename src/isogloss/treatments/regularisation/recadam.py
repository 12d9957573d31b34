"""RecAdam: Adam that recalls the pretrained weights first and turns to the new task slowly."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar, Final, Literal, final

from pydantic import Field

from isogloss.core import InputError
from isogloss.training import AdamWSettings, BuildContext, OptimizerStep, SamplerSpec, TrainingPlan

if TYPE_CHECKING:
    from torch import Tensor, nn

    from isogloss.training import RunningOptimizerStep, StepContext


# The official 5000 at the usual rate of 3e-5: the share of the way back that one update goes.
_PULL: Final = 0.15


@dataclass(frozen=True)
class RecAdam:
    """Adam whose step grows from 0 to 1 while the pull to the run's first weights fades.

    In update s, with lam = 1 / (1 + exp(-k (s - t0))), rate r and Adam's direction d:

        theta <- theta - lam r d
        theta <- theta - r (1 - lam) gamma (theta - theta_0)
        theta <- theta - r decay theta

    A task's head, which is new, has lam = 1 and no pull. It is meant for runs that start from a
    pretrained model. Slots of languages that are absent from a batch stay where they are.

    Differs from the official code: gamma and t0 follow the rate and the length of the training
    where they are not given (5000 would throw a model off at the rate of a small one), and moments
    and epsilon have the plan's settings.

    Attributes:
        gamma: of the pull; None = 0.15 / peak learning rate, 5000 at 3e-5.
        shape: "sigmoid", or "linear": lam = min(1, s / t0).
        anneal_k: steepness of the sigmoid.
        anneal_t0: update at the middle of the sigmoid, or at the end of the line; None = a tenth of
            the training.

    Reference:
        Chen, Hou, Cui, Che, Liu, Yu. Recall and Learn: Fine-tuning Deep Pretrained Language Models
        with Less Forgetting. EMNLP 2020, Algorithm 1. https://arxiv.org/abs/2004.12651

        @inproceedings{chen-etal-2020-recall,
          title = {Recall and Learn: Fine-tuning Deep Pretrained Language Models with Less
                   Forgetting},
          author = {Chen, Sanyuan and Hou, Yutai and Cui, Yiming and Che, Wanxiang and Liu, Ting
                    and Yu, Xiangzhan},
          booktitle = {Proceedings of EMNLP},
          year = {2020}
        }
    """

    name: ClassVar[str] = "recadam"
    parts: ClassVar[tuple[str, ...]] = ("step",)
    separate: ClassVar[bool] = False
    claim: ClassVar[str] = (
        "The weights stay nearer to where the run began than with Adam, and end as free as with it."
    )

    gamma: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None
    shape: Literal["sigmoid", "linear"] = "sigmoid"
    anneal_k: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 0.5
    anneal_t0: Annotated[int, Field(ge=0)] | None = None

    def apply(self, plan: TrainingPlan) -> TrainingPlan:
        """Return the plan with RecAdam in its step."""
        t0 = plan.updates // 10 if self.anneal_t0 is None else self.anneal_t0
        step = RecAdamStep(plan.step, self.gamma, self.shape, self.anneal_k, t0)  # type: ignore[arg-type]
        return plan.replace_parts(self.name, step=step)

    def candidates(self) -> tuple[RecAdam, ...]:
        """Return itself."""
        return (self,)


@dataclass(frozen=True)
class RecAdamStep:
    """Names the plain step with RecAdam as its optimizer.

    Attributes:
        plain: the step whose settings of AdamW, schedule and clipping stay.
        gamma: of the pull; None = 0.15 / peak learning rate.
        shape: "sigmoid" or "linear".
        anneal_k: steepness of the sigmoid.
        anneal_t0: update at the middle of the sigmoid, or at the end of the line.
    """

    plain: OptimizerStep
    gamma: float | None
    shape: Literal["sigmoid", "linear"]
    anneal_k: float
    anneal_t0: int

    @property
    def passes(self) -> float:
        """One pass."""
        return 1.0

    @property
    def samplers(self) -> tuple[SamplerSpec, ...]:
        """Return nothing: it draws no batches of its own."""
        return ()

    def __post_init__(self) -> None:
        if self.pull() > 1:
            raise InputError(
                expected="gamma times the peak learning rate of at most 1",
                found=f"{self.pull():g}",
                where="treatments.recadam.gamma",
                next_step=f"Use at most {1 / self.plain.optimizer.learning_rate:g}, or leave it "
                "out.",
            )

    def build(self, context: BuildContext) -> RunningOptimizerStep:
        """Return the step of one run."""
        from isogloss.training import RunningOptimizerStep

        return RunningOptimizerStep(self.plain, lambda started: RecAdamOptimizer(self, started))

    def warnings(self, plan: TrainingPlan, context: BuildContext) -> tuple[str, ...]:
        """Return the warnings of the step that is wrapped."""
        return self.plain.warnings(plan, context)

    def pull(self) -> float:
        """Return the share of the way back that one update goes at the peak learning rate."""
        return _PULL if self.gamma is None else self.gamma * self.plain.optimizer.learning_rate

    def annealed(self, update: int) -> float:
        """Return lam in an update, counted from 1."""
        if self.shape == "linear":
            return min(1.0, update / max(self.anneal_t0, 1))
        # Without overflow for any number: exp(700) is near the largest float.
        return 1 / (1 + math.exp(min(-self.anneal_k * (update - self.anneal_t0), 700)))


@final
class RecAdamOptimizer:
    """RecAdam over shared parameters and over parameters with a leading slot axis.

    Args:
        settings: of the step.
        context: the model, and the slots of language-specific parameters.
    """

    def __init__(self, settings: RecAdamStep, context: StepContext) -> None:
        import torch

        from isogloss.treatments.regularisation.anchor import Anchor

        self._settings = settings
        self.anchor = Anchor(context.model)
        self._named = {n: p for n, p in context.model.named_parameters() if p.requires_grad}
        self._slots = {n: torch.tensor(context.slots[n]) for n in self._named if n in context.slots}
        self._update = 0
        self._state = {
            name: {
                "exp_avg": torch.zeros_like(p),
                "exp_avg_sq": torch.zeros_like(p),
                "step": torch.zeros(p.shape[:1] if name in self._slots else (), device=p.device),
            }
            for name, p in self._named.items()
        }

    @property
    def parameters(self) -> list[nn.Parameter]:
        """All parameters that it moves."""
        return list(self._named.values())

    def zero_grad(self) -> None:
        """Forget all gradients."""
        for parameter in self._named.values():
            parameter.grad = None

    def step(self, factor: float, languages: Tensor) -> None:
        """Move the weights.

        Args:
            factor: on the peak learning rate, and so on the pull.
            languages: indices of the languages of the batch, on the CPU.
        """
        import torch

        self._update += 1
        lam = self._settings.annealed(self._update)
        with torch.no_grad():
            for name, theta in self._named.items():
                if theta.grad is not None:
                    self._move(name, theta, languages, factor, lam)

    def _move(
        self, name: str, theta: nn.Parameter, languages: Tensor, factor: float, lam: float
    ) -> None:
        """Move one parameter, or those of its slots that the batch's languages use."""
        slots = self._slots.get(name)
        present = slice(None) if slots is None else slots[languages].unique().to(theta.device)
        first = self.anchor.values.get(name)
        moved = self._adam(name, theta, present, factor * (1.0 if first is None else lam))
        if first is not None:
            moved -= factor * self._settings.pull() * (1 - lam) * (moved - first[present])
        # Biases and norms do not decay; a slab's first axis is that of its slots.
        if theta.ndim > (1 if slots is None else 2):
            adamw = self._settings.plain.optimizer
            moved -= factor * adamw.learning_rate * adamw.weight_decay * moved
        theta[present] = moved

    def _adam(
        self, name: str, theta: nn.Parameter, present: slice | Tensor, factor: float
    ) -> Tensor:
        """Return theta after Adam's step of one parameter, or of some of its slots."""
        import torch

        assert theta.grad is not None
        adamw: AdamWSettings = self._settings.plain.optimizer
        gradient, state = theta.grad[present], self._state[name]
        is_slab = name in self._slots
        count = (state["step"][present] if is_slab else state["step"]) + 1
        first = torch.lerp(state["exp_avg"][present], gradient, 1 - adamw.beta1)
        second = adamw.beta2 * state["exp_avg_sq"][present]
        second = second + (1 - adamw.beta2) * gradient.square()
        state["exp_avg"][present], state["exp_avg_sq"][present] = first, second
        if is_slab:
            state["step"][present] = count
        else:
            state["step"] = count
        correction = (1 - adamw.beta2 ** count.double()).sqrt() / (
            1 - adamw.beta1 ** count.double()
        )
        per_slot = correction.to(theta.dtype).view(-1, *(1,) * (theta.ndim - 1))
        rate = factor * adamw.learning_rate
        scale = per_slot if is_slab else per_slot.view(())
        return theta[present] - rate * scale * first / (second.sqrt() + adamw.epsilon)

    def state(self) -> dict[str, Tensor]:
        """Return all moments and step counts by parameter name, and the first weights."""
        import torch

        moments = {
            f"{name}/{key}": value
            for name, values in self._state.items()
            for key, value in values.items()
        }
        return {**moments, **self.anchor.state(), "update": torch.tensor(self._update)}

    def load_state(self, state: dict[str, Tensor]) -> None:
        """Take back what `state` returned."""
        self._update = int(state["update"])
        self.anchor.load_state(state)
        for name, values in self._state.items():
            for key in values:
                values[key] = state[f"{name}/{key}"].clone()
