"""AdamW that leaves absent languages alone."""

import math
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Final

import torch
from torch import Tensor, nn

from isogloss.training.parts import AdamWSettings


class SlotAdamW:
    """AdamW over shared parameters and over parameters with a leading slot axis.

    Shared parameters go to PyTorch's fused AdamW. For a language-specific parameter, shape
    [slots, ...], every slot has its own step count and is moved only when a language of the batch
    uses it: a language absent from a batch gets no momentum step and no weight decay. (The usual
    optimizers move absent languages too, because their gradient is zero rather than missing.)

    Args:
        parameters: named parameters that are trained.
        slots: for each language-specific parameter, the slot of every language.
        settings: hyper-parameters.
        without_decay: names of parameters that no decay draws to zero, biases and norms aside.

    Reference:
        Loshchilov, Hutter. Decoupled Weight Decay Regularization. 2019, Algorithm 2.
        https://arxiv.org/abs/1711.05101
    """

    def __init__(
        self,
        parameters: Iterable[tuple[str, nn.Parameter]],
        slots: Mapping[str, tuple[int, ...]],
        settings: AdamWSettings,
        without_decay: Collection[str] = (),
    ) -> None:
        self.settings, self._without_decay = settings, frozenset(without_decay)
        named = [(name, p) for name, p in parameters if p.requires_grad]
        self._shared = [(name, p) for name, p in named if name not in slots]
        self._specific = [(name, p) for name, p in named if name in slots]
        self._slots = {name: torch.tensor(slots[name]) for name, _ in self._specific}
        self._adamw = self._create_shared(settings)
        self._state: dict[str, dict[str, Tensor]] = {
            name: {
                "exp_avg": torch.zeros_like(p),
                "exp_avg_sq": torch.zeros_like(p),
                "step": torch.zeros(p.shape[0], device=p.device),
            }
            for name, p in self._specific
        }

    def _create_shared(self, settings: AdamWSettings) -> torch.optim.AdamW | None:
        """Return PyTorch's AdamW for the shared parameters, or None when all are frozen."""
        if not self._shared:
            return None
        matrices = {name for name, p in self._shared if p.ndim > 1}
        decaying = matrices - self._without_decay
        groups = [
            {
                "params": [p for name, p in self._shared if (name in decaying) is decays],
                "weight_decay": settings.weight_decay if decays else 0.0,
            }
            for decays in (True, False)
        ]
        return torch.optim.AdamW(
            [group for group in groups if group["params"]],
            lr=settings.learning_rate,
            betas=(settings.beta1, settings.beta2),
            eps=settings.epsilon,
            fused=True,
        )

    @property
    def parameters(self) -> list[nn.Parameter]:
        """All parameters that this optimizer moves."""
        return [p for _, p in (*self._shared, *self._specific)]

    def zero_grad(self) -> None:
        """Forget all gradients."""
        for parameter in self.parameters:
            parameter.grad = None

    @torch.no_grad()
    def step(self, factor: float, languages: Tensor) -> None:
        """Move the weights.

        Args:
            factor: on the peak learning rate.
            languages: indices of the languages of the batch (repeats allowed), on the CPU.
        """
        learning_rate = factor * self.settings.learning_rate
        if self._adamw is not None:
            for group in self._adamw.param_groups:
                group["lr"] = learning_rate
            self._adamw.step()
        for name, parameter in self._specific:
            if parameter.grad is not None:
                present = self._slots[name][languages].unique()
                self._step_slots(name, parameter, present, learning_rate)

    def _step_slots(
        self, name: str, parameter: nn.Parameter, present: Tensor, learning_rate: float
    ) -> None:
        """One AdamW step (Algorithm 2) on the slots `present` of one parameter."""
        assert parameter.grad is not None
        settings, state = self.settings, self._state[name]
        everyone = len(present) == parameter.shape[0]
        index = slice(None) if everyone else present.to(parameter.device)
        weights, gradient = parameter[index], parameter.grad[index]
        first, second, count = (state[key][index] for key in ("exp_avg", "exp_avg_sq", "step"))

        count = count + 1
        first = torch.lerp(first, gradient, 1 - settings.beta1)
        second = settings.beta2 * second + (1 - settings.beta2) * gradient.square()
        per_slot = (-1,) + (1,) * (parameter.ndim - 1)
        correction1 = (1 - settings.beta1**count).view(per_slot)
        correction2 = (1 - settings.beta2**count).view(per_slot)
        decays = parameter.ndim > 2 and name not in self._without_decay
        decay = settings.weight_decay if decays else 0.0
        denominator = (second / correction2).sqrt() + settings.epsilon
        moved = weights * (1 - learning_rate * decay) - learning_rate * (
            first / correction1 / denominator
        )

        parameter[index] = moved
        state["exp_avg"][index], state["exp_avg_sq"][index] = first, second
        state["step"][index] = count

    def preconditioner(self) -> dict[str, Tensor] | None:
        """Return 1 / (sqrt(v) + eps) of the shared parameters, v corrected for its start at zero.

        None before the first step, when there is no v.
        """
        if self._adamw is None or not self._adamw.state:
            return None
        scales = {}
        for name, parameter in self._shared:
            state = self._adamw.state[parameter]
            second = state["exp_avg_sq"] / (1 - self.settings.beta2 ** state["step"])
            scales[name] = 1 / (second.sqrt() + self.settings.epsilon)
        return scales

    def state(self) -> dict[str, Tensor]:
        """Return all moments and step counts by parameter name."""
        state = {
            f"{name}/{key}": value
            for name, values in self._state.items()
            for key, value in values.items()
        }
        if self._adamw is not None:
            for name, parameter in self._shared:
                for key, value in self._adamw.state.get(parameter, {}).items():
                    state[f"{name}/{key}"] = value
        return state

    def load_state(self, state: Mapping[str, Tensor]) -> None:
        """Take back what `state` returned."""
        shared = dict(self._shared)
        for address, value in state.items():
            name, key = address.rsplit("/", 1)
            if name in self._state:
                self._state[name][key] = value.clone()
            elif self._adamw is not None:
                self._adamw.state[shared[name]][key] = value.clone()


Schedule = Callable[[float], float]


def _one_cycle(progress: float) -> float:
    """Cosine from 1 to 0.01 after the warm-up (Smith & Topin 2019, second phase)."""
    return 0.01 + 0.99 * (1 + math.cos(math.pi * progress)) / 2


SCHEDULES: Final[Mapping[str, Schedule]] = {
    "constant": lambda progress: 1.0,
    "linear": lambda progress: 1.0 - progress,
    "cosine": _one_cycle,
}


def rate(schedule: Schedule, update: int, updates: int, warm_up: float) -> float:
    """Return the factor on the peak learning rate at an update.

    Args:
        schedule: maps progress after the warm-up, in [0, 1], to a factor.
        update: counted from 0.
        updates: length of the training.
        warm_up: share of the updates over which the factor rises linearly from 0 to 1.

    Example:
        >>> [round(rate(SCHEDULES["linear"], u, 10, 0.2), 2) for u in (0, 1, 2, 9)]
        [0.5, 1.0, 1.0, 0.12]
    """
    n_warm_up = math.ceil(warm_up * updates)
    if update < n_warm_up:
        return (update + 1) / n_warm_up
    return schedule((update - n_warm_up) / max(updates - n_warm_up, 1))
