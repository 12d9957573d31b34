"""What every form of task is tested with: a micro model and a cell."""

import numpy as np
import torch
from torch import nn

from isogloss.data import TaskSampler
from isogloss.tasks import TaskForm
from isogloss.training import BuildContext
from unit.evaluation.toys import ENGLISH, SWAHILI, LetterTokenizer
from unit.models.toys import toy_model


def losses_of_a_step(form: TaskForm, examples: list, labels: list[str]) -> tuple[float, float]:
    """Return the dev loss on the training rows before and after training on them."""
    rows = form.encode(examples, labels, LetterTokenizer(), 24)
    model = form.head(toy_model(), labels, 3)
    context = BuildContext((SWAHILI, ENGLISH), 4, 24, 0, LetterTokenizer(), {})
    objective = form.objective().build(context)
    sampler = TaskSampler({SWAHILI: rows}, 4, epochs=9, pad_id=0, languages=(SWAHILI, ENGLISH))
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    before = form.dev_loss(model, rows, 0, 0)
    for update in range(30):
        optimizer.zero_grad()
        losses = objective.losses(model, objective.prepare(sampler.batch(update), update))
        losses.mean[0].backward()
        optimizer.step()
    return before, form.dev_loss(model, rows, 0, 0)


def same_head(form: TaskForm, labels: list[str]) -> tuple[nn.Module, nn.Module]:
    return form.head(toy_model(), labels, 3), form.head(toy_model(), labels, 3)


def close(first: nn.Module, second: nn.Module) -> bool:
    pairs = zip(first.head.parameters(), second.head.parameters(), strict=True)
    return all(np.array_equal(a.detach(), b.detach()) for a, b in pairs)
