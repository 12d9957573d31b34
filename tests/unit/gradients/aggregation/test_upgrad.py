import numpy as np
import pytest

from isogloss.gradients.aggregation.upgrad import upgrad
from unit.gradients.aggregation.matrices import directions, draws


@pytest.mark.parametrize("kind", ["random", "conflict", "agreeing"])
def test_claim_no_language_loses_whatever_the_lengths(kind: str) -> None:
    for g in draws(kind, 1000):
        d = upgrad(g @ g.T) @ g
        assert (directions(g) @ d).min() >= -1e-9 * np.linalg.norm(d)


def test_claim_without_conflict_it_is_the_mean() -> None:
    for g in draws("agreeing", 200):
        np.testing.assert_allclose(upgrad(g @ g.T), 1 / len(g), rtol=1e-12)


def test_dependent_gradients_lose_no_more_than_rounding() -> None:
    """Where gradients cancel, the direction is zero, and its rounding points anywhere."""
    for g in draws("dependent", 1000):
        weights = upgrad(g @ g.T)
        size = np.abs(weights) @ np.linalg.norm(g, axis=1)
        assert (directions(g) @ (weights @ g)).min() >= -1e-7 * size


def test_two_languages_by_hand() -> None:
    """Each is freed of its part along the other, and the mean of both is taken."""
    g = np.array([[1.0, 0.0], [-1e6, 1e6]])
    expected = (np.array([0.5, 0.5]) + np.array([0.0, 1e6])) / 2
    np.testing.assert_allclose(upgrad(g @ g.T) @ g, expected, rtol=1e-9)
