import numpy as np
import pytest
import torch

from isogloss.gradients import Rule
from isogloss.treatments.gradients.nash_mtl import nash_mtl
from unit.treatments.directions import SCOPES, directions, weights_of
from unit.treatments.gradients.matrices import GOLDEN, draws, gradients


def test_the_golden_values() -> None:
    np.testing.assert_allclose(nash_mtl(GOLDEN, 1.0), [0.35249310, 0.34399804], atol=1e-7)


@pytest.mark.parametrize("kind", ["random", "conflict", "agreeing"])
def test_claim_weight_times_gain_is_one_for_every_language(kind: str) -> None:
    for g in draws(kind, 500):
        w = nash_mtl(g @ g.T, 0.0)
        assert (w > 0).all()
        np.testing.assert_allclose(w * (g @ (w @ g)), 1.0, rtol=1e-5)


def test_the_direction_is_cut_to_its_longest() -> None:
    g = gradients(3, 9, 0)
    for longest in (0.1, 1.0):
        assert np.linalg.norm(nash_mtl(g @ g.T, longest) @ g) <= longest + 1e-9
    uncut = nash_mtl(g @ g.T, 0.0)
    np.testing.assert_allclose(np.linalg.norm(uncut @ g), np.sqrt(3), rtol=1e-5)
    np.testing.assert_allclose(nash_mtl(g @ g.T, 100.0), uncut)


def test_gradients_that_cancel_give_finite_weights() -> None:
    g = np.array([[1.0, 0.0], [-1.0, 0.0]])
    rule = Rule(nash_mtl, {"max_norm": 0.0}).start(2, seed=0)
    weights = rule.weights("a", g @ g.T, [0, 1])
    assert np.isfinite(weights).all()
    assert np.linalg.norm(weights @ g) < 1.0
    rule.load_state(rule.state())


@pytest.mark.parametrize("scope", SCOPES)
def test_the_claim_weight_times_gain_is_equal(scope: str) -> None:
    found = directions("nash_mtl", scope=scope, parameter=SCOPES[scope], max_norm=0.0)
    product = weights_of(found) * (found.rows @ found.taken)
    torch.testing.assert_close(product, torch.ones(3).double(), rtol=1e-3, atol=0)


def test_the_direction_is_no_longer_than_asked() -> None:
    assert float(directions("nash_mtl", max_norm=0.5).taken.norm()) < 0.5 * 1.001
