import numpy as np
import pytest
import torch

import toys
from isogloss.treatments.loss_weights.dwa import DWAWeighting
from unit.treatments.directions import directions, weights_of


def test_weights_follow_the_ratio_of_two_windows() -> None:
    scalarization = pytest.importorskip("torchjd.scalarization", reason="the extra is missing")
    theirs = scalarization.DWA()
    ours = DWAWeighting(window=2).start(toys.context(toys.plan()))
    rng = np.random.default_rng(0)
    for _ in range(4):
        for _ in range(2):
            losses = rng.random(2) + 0.5
            values = torch.tensor(losses, requires_grad=True)
            theirs(values).backward()
            weights = ours.weights(losses, [0, 1])
            assert values.grad.tolist() == pytest.approx(weights.tolist())
        theirs.step()


def test_a_loss_that_stopped_falling_weighs_more() -> None:
    rule = DWAWeighting(window=1).start(toys.context(toys.plan()))
    assert rule.weights(np.array([4.0, 4.0]), [0, 1]).tolist() == [1.0, 1.0]
    assert rule.weights(np.array([3.9, 2.0]), [0, 1]).tolist() == [1.0, 1.0]
    weights = rule.weights(np.array([3.9, 2.0]), [0, 1])
    assert weights[0] > 1 > weights[1]
    assert weights.sum() == pytest.approx(2.0)


def test_absent_languages_keep_their_means_and_state_goes_over() -> None:
    one, other = (DWAWeighting(window=1).start(toys.context(toys.plan())) for _ in range(2))
    for losses, languages in (([4.0, 4.0], [0, 1]), ([2.0], [1]), ([2.0], [1])):
        one.weights(np.array(losses), languages)
    other.load_state(one.state())
    losses = np.array([1.0, 1.0])
    found = [rule.weights(losses, [0, 1]) for rule in (one, other)]
    np.testing.assert_array_equal(*found)
    assert np.isfinite(found[0]).all()
    one.after(losses, [0, 1])


def test_the_first_direction_is_the_sum() -> None:
    """The claim, that a loss which stopped falling weighs more, is measured with the weighting."""
    assert weights_of(directions("dwa")).tolist() == pytest.approx([1.0] * 3, rel=1e-3)
