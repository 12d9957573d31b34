import numpy as np
import pytest

from isogloss.treatments.gradients.upgrad import upgrad
from unit.treatments.directions import SCOPES, directions
from unit.treatments.gradients.matrices import draws, unit_rows


@pytest.mark.parametrize("kind", ["random", "conflict", "agreeing"])
def test_claim_no_language_loses_whatever_the_lengths(kind: str) -> None:
    for g in draws(kind, 1000):
        d = upgrad(g @ g.T) @ g
        assert (unit_rows(g) @ d).min() >= -1e-9 * np.linalg.norm(d)


def test_claim_without_conflict_it_is_the_mean() -> None:
    for g in draws("agreeing", 200):
        np.testing.assert_allclose(upgrad(g @ g.T), 1 / len(g), rtol=1e-12)


def test_dependent_gradients_lose_no_more_than_rounding() -> None:
    """Where gradients cancel, the direction is zero, and its rounding points anywhere."""
    for g in draws("dependent", 1000):
        weights = upgrad(g @ g.T)
        size = np.abs(weights) @ np.linalg.norm(g, axis=1)
        assert (unit_rows(g) @ (weights @ g)).min() >= -1e-7 * size


def test_two_languages_by_hand() -> None:
    """Each is freed of its part along the other, and the mean of both is taken."""
    g = np.array([[1.0, 0.0], [-1e6, 1e6]])
    expected = (np.array([0.5, 0.5]) + np.array([0.0, 1e6])) / 2
    np.testing.assert_allclose(upgrad(g @ g.T) @ g, expected, rtol=1e-9)


@pytest.mark.parametrize("scope", SCOPES)
def test_the_claim_no_language_loses(scope: str) -> None:
    found = directions("upgrad", scope=scope, parameter=SCOPES[scope])
    assert (found.gains > -1e-5 * found.taken.norm()).all()
