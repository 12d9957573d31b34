import numpy as np
import torch

import toys
from isogloss.treatments import build_treatment
from unit.treatments.directions import directions, weights_of


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
