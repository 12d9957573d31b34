"""What the tests of objectives share: a toy task of each kind, built, and its losses."""

import dataclasses
from typing import Any

import torch
from torch import Tensor, nn

import toys
from isogloss.data import Batch
from isogloss.objectives import Targets
from isogloss.tasks import task_form
from isogloss.training import TrainingPlan
from isogloss.treatments import build_treatment

TASKS = {"classification": "topic", "tagging": "pos", "qa": "qa"}


def plan_of(kind: str, name: str, **options: Any) -> TrainingPlan:
    """Return a plan of a kind of task with a treatment in it."""
    plain = toys.paired_plan(objective=task_form(TASKS[kind]).objective())
    return build_treatment(name, options).apply(plain)


@dataclasses.dataclass
class Built:
    """A treated plan brought to life: its model, its objective and a batch of it."""

    plan: TrainingPlan
    seed: int = 1

    def __post_init__(self) -> None:
        self.context = toys.context(self.plan)
        self.model: Any = toys.model(self.plan).eval()
        self.objective: Any = self.plan.objective.build(self.context)
        self.sampler = self.plan.sampler.build(self.context)

    def targets(self, update: int = 0, batch: Batch | None = None) -> Targets:
        """Return the targets of an update's batch."""
        return self.objective.prepare(batch or self.sampler.batch(update), update)

    def loss(self, targets: Targets | None = None) -> Tensor:
        """Return the mean loss of a batch."""
        found = self.objective.losses(self.model, targets or self.targets())
        return found.total.sum() / found.count.sum()


def gradients(loss: Tensor, model: nn.Module) -> dict[str, Tensor]:
    """Return the gradients of a loss that are not zero, by name."""
    names, parameters = zip(
        *[(name, one) for name, one in model.named_parameters() if one.requires_grad], strict=True
    )
    found = torch.autograd.grad(loss, parameters, allow_unused=True)
    return {
        name: one for name, one in zip(names, found, strict=True) if one is not None and one.any()
    }


def relabelled(batch: Batch, name: str, label: int) -> Batch:
    """Return a batch whose rows called `name` all have another label."""
    view = batch.beside[name]
    assert view.labels is not None
    other = torch.where(view.labels >= 0, label, view.labels)
    beside = {**batch.beside, name: dataclasses.replace(view, labels=other)}
    return dataclasses.replace(batch, beside=beside)
