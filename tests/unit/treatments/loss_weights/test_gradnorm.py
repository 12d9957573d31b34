import numpy as np
import pytest
import torch

import toys
from isogloss.core import InputError
from isogloss.models import TokenClassifier
from isogloss.treatments import build_treatment
from isogloss.treatments.loss_weights.gradnorm import (
    GradNormCombine,
    gradnorm_derivative,
    last_linear,
    normalised,
)
from unit.treatments.directions import directions, weights_of


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


@pytest.mark.parametrize("alpha", [0.0, 0.5, 1.5])
def test_the_derivative_is_that_of_the_loss_with_constant_targets(alpha: float) -> None:
    rng = np.random.default_rng(0)
    w, lengths, ratios = rng.random(4) + 0.5, rng.random(4) + 0.1, rng.random(4) + 0.5
    target = (w * lengths).mean() * (ratios / ratios.mean()) ** alpha

    def loss(weights: np.ndarray) -> float:
        return float(np.abs(weights * lengths - target).sum())

    step = 1e-6 * np.eye(4)
    numeric = [(loss(w + one) - loss(w - one)) / 2e-6 for one in step]
    np.testing.assert_allclose(gradnorm_derivative(w, lengths, ratios, alpha), numeric, rtol=1e-4)


def test_descent_with_alpha_zero_makes_lengths_equal() -> None:
    lengths, w = np.array([0.5, 1.0, 4.0]), np.ones(3)
    for step in range(4000):
        slope = gradnorm_derivative(w, lengths, np.ones(3), 0.0)
        w = normalised(w - 0.02 / (1 + step / 100) * slope / lengths)
    weighted = w * lengths
    assert weighted.max() / weighted.min() < 1.1


def test_who_learned_less_is_to_be_longer() -> None:
    slope = gradnorm_derivative(np.ones(2), np.ones(2), np.array([0.9, 0.5]), 1.5)
    assert slope[0] < 0 < slope[1]


def test_weights_sum_to_their_number_and_stay_positive() -> None:
    found = normalised(np.array([-1.0, 1.0, 2.0]))
    assert found.sum() == pytest.approx(3.0)
    assert found.min() > 0


def test_before_weights_move_it_is_the_sum() -> None:
    torch.testing.assert_close(
        weights_of(directions("gradnorm")), torch.ones(3).double(), rtol=1e-4, atol=0
    )


def test_the_claim_weighted_gradients_come_to_equal_lengths() -> None:
    """A model that stands still, so that the lengths do: only the weights learn."""
    options = {"alpha": 0.0, "initial_batches": 1, "learning_rate": 0.02}
    plan = build_treatment("gradnorm", options).apply(toys.plan(toys.HOSTILE, rows=6))
    one = toys.training(plan)
    targets = one.objective.prepare(one.sampler.batch(0), 0)
    found = []
    for _ in range(80):
        with one.combine.watching(one.model, targets, one.engine):
            losses = one.objective.losses(one.model, targets)
        one.combine.backward(losses, one.model, one.engine)
        one.model.zero_grad()
    weights = one.combine.weights  # type: ignore[attr-defined]
    from unit.gradients import toys as oracle

    rows = oracle.gradients(lambda: one.objective.losses(one.model, targets).mean, one.model)
    lengths = rows["backbone.model.layers.1.mlp.Wo.weight"].flatten(1).norm(dim=1).double()
    found = (weights * lengths).numpy()
    assert np.ptp(found) < 0.35 * np.ptp(lengths.numpy())
    assert np.ptp(found) < 0.1 * found.mean()
