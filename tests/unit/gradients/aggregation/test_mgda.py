import numpy as np
import pytest

from isogloss.gradients.aggregation.mgda import mgda
from unit.gradients.aggregation.matrices import directions, draws


@pytest.mark.parametrize("kind", ["random", "conflict", "agreeing"])
def test_claim_a_convex_combination_that_conflicts_with_none(kind: str) -> None:
    for g in draws(kind, 1000):
        weights = mgda(g @ g.T)
        d = weights @ g
        assert weights.min() >= 0 and weights.sum() == pytest.approx(1.0, abs=1e-12)
        assert (directions(g) @ d).min() >= -1e-9 * np.linalg.norm(d)


@pytest.mark.parametrize("kind", ["random", "conflict", "agreeing"])
def test_it_is_the_shortest(kind: str) -> None:
    """Every gradient reaches at least as far along it as it does itself."""
    for g in draws(kind, 200):
        d = mgda(g @ g.T) @ g
        rounding = 1e-13 * np.linalg.norm(g, axis=1) * np.linalg.norm(d)
        assert (g @ d + rounding).min() >= (d @ d) * (1 - 1e-9)


def test_gradients_that_cancel_have_a_combination_of_no_length() -> None:
    for g in draws("dependent", 1000):
        weights = mgda(g @ g.T)
        size = weights @ np.linalg.norm(g, axis=1)
        assert weights.min() >= 0 and weights.sum() == pytest.approx(1.0, abs=1e-12)
        assert (directions(g) @ (weights @ g)).min() >= -1e-7 * size


def test_a_language_of_no_length_would_silence_it() -> None:
    """Why absent languages are dropped before a rule is asked: of a short one little is left."""
    g = np.array([[1.0, 0.0], [0.0, 1e-6]])
    assert np.linalg.norm(mgda(g @ g.T) @ g) < 1e-6
