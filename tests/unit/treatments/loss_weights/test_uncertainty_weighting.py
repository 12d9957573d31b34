import numpy as np
import pytest
import torch

import toys
from isogloss.treatments.loss_weights.uncertainty_weighting import LearnedVariances
from unit.treatments.directions import directions, weights_of


def test_the_variance_comes_to_twice_the_loss() -> None:
    """The minimum over s of exp(-s) L + s / 2 is s = log 2 L."""
    rule = LearnedVariances().start(toys.context(toys.plan()))
    for _ in range(600):
        weights = rule.weights(np.array([0.5, 3.0]), [0, 1])
    assert (1 / weights).tolist() == pytest.approx([1.0, 6.0], rel=1e-2)


def test_torchjd_has_the_same_weights_and_slopes_for_half_the_loss() -> None:
    """Its form is that of a regression: exp(-s) L / 2 + s / 2."""
    scalarization = pytest.importorskip("torchjd.scalarization", reason="the extra is missing")
    theirs = scalarization.UW(2)
    optimizer = torch.optim.Adam(theirs.parameters(), lr=0.025)
    ours = LearnedVariances().start(toys.context(toys.plan()))
    for seed in range(8):
        losses = np.random.default_rng(seed).random(2) + 0.2
        values = torch.tensor(losses, dtype=torch.float32, requires_grad=True)
        optimizer.zero_grad()
        theirs(2 * values).backward()
        optimizer.step()
        weights = ours.weights(losses, [0, 1])
        assert values.grad.tolist() == pytest.approx(weights.tolist(), rel=1e-4)


def test_state_goes_over_and_nothing_is_learned_after_a_step() -> None:
    one, other = (LearnedVariances().start(toys.context(toys.plan())) for _ in range(2))
    one.weights(np.array([1.0, 2.0]), [0, 1])
    other.load_state(one.state())
    other.after(np.array([9.0, 9.0]), [0, 1])
    losses = np.array([1.0, 1.0])
    np.testing.assert_array_equal(one.weights(losses, [0, 1]), other.weights(losses, [0, 1]))


def test_the_first_direction_is_the_sum() -> None:
    """The claim, that a variance comes to twice the loss, is measured with the weighting."""
    found = directions("uncertainty_weighting")
    assert weights_of(found).tolist() == pytest.approx([1.0] * 3, rel=1e-3)
    logits = found.training.combine.state()["values"]
    assert (logits > 0).all(), "losses above 1 / 2 raise the variance"
