"""Plain gradient descent on ||w - goal||^2 / 2, with the two halves of the plain step."""

from typing import Any

import torch
from torch import Tensor, nn

from isogloss.training import StepContext


class Descent:
    """Stands in for the plain step: its gradient and its move are seen at a glance."""

    def __init__(self, goal: float = 1.0, rate: float = 0.1) -> None:
        self.goal, self.rate = goal, rate
        self.seen: list[Tensor] = []
        self.learning_rate = self.metrics = self.finish = self.evaluation = lambda *_: None

    def build(self, context: Any) -> "Descent":
        return self

    def start(self, context: StepContext) -> None:
        self.parameters = [p for p in context.model.parameters() if p.requires_grad]

    def accumulate(self, update: int, batch: Any) -> None:
        self.seen.append(self.parameters[0].detach().clone())
        for parameter in self.parameters:
            parameter.grad = parameter.detach() - self.goal

    def move(self, update: int, batch: Any) -> None:
        with torch.no_grad():
            for parameter in self.parameters:
                parameter.sub_(self.rate * parameter.grad)

    def state(self) -> dict[str, Tensor]:
        return {}

    def load_state(self, state: dict[str, Tensor]) -> None:
        assert not state


def started(step: Any, model: nn.Module) -> Any:
    """Return the step, bound to a model."""
    step.start(StepContext(model, None, None, None, 100, {}))  # type: ignore[arg-type]
    return step
