import pytest
import torch

import toys
from isogloss.core import InputError
from isogloss.models import TokenClassifier
from isogloss.training import GradNormCombine
from isogloss.training.gradnorm_combine import last_linear


def test_the_last_linear_map_is_found_in_task_models_too() -> None:
    model = toys.model(toys.plan())
    assert last_linear(model) == "backbone.model.layers.1.mlp.Wo"
    assert last_linear(TokenClassifier(model, 3)) == "model.backbone.model.layers.1.mlp.Wo"


def test_a_frozen_last_layer_is_refused() -> None:
    model = toys.model(toys.plan())
    model.requires_grad_(False)
    with pytest.raises(InputError, match="trained linear map in the last layer"):
        last_linear(model)


def test_weights_move_when_every_first_loss_is_known() -> None:
    one = toys.training(toys.plan(combine=GradNormCombine(initial_batches=2), updates=4))
    seen = []
    for update in range(4):
        one.step.update(update, one.sampler.batch(update))
        seen.append(one.combine.weights.tolist())  # type: ignore[attr-defined]
    assert seen[0] == seen[1] == [1.0, 1.0]
    assert seen[2] != [1.0, 1.0]
    assert sum(seen[3]) == pytest.approx(2.0)
    assert set(one.step.metrics()) == {"weight/eng-Latn", "weight/swa-Latn"}


def test_the_weights_of_the_update_are_those_before_it() -> None:
    """Algorithm 1: the model moves by the weights with which the gradient was taken."""
    one = toys.training(toys.plan(combine=GradNormCombine(initial_batches=1)))
    one.step.update(0, one.sampler.batch(0))
    before = one.combine.weights  # type: ignore[attr-defined]
    targets = one.objective.prepare(one.sampler.batch(1), 1)
    with one.combine.watching(one.model, targets, one.engine):
        losses = one.objective.losses(one.model, targets)
    one.combine.backward(losses, one.model, one.engine)
    gradient = one.model.backbone.model.final_norm.weight.grad.clone()
    one.model.zero_grad()
    means = one.objective.losses(one.model, targets).mean
    (before.to(means) * means).sum().backward()
    torch.testing.assert_close(gradient, one.model.backbone.model.final_norm.weight.grad)
