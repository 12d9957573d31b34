import numpy as np
import pytest

from isogloss.treatments.gradients.least_distance import factor, in_directions, shortest
from unit.treatments.gradients.matrices import GOLDEN, draws, unit_rows


def test_lengths_and_cosines_by_hand() -> None:
    lengths, cosines = in_directions(GOLDEN)
    np.testing.assert_allclose(lengths, np.sqrt([5, 5.25]))
    np.testing.assert_allclose(cosines, [[1, -1 / np.sqrt(26.25)], [-1 / np.sqrt(26.25), 1]])


def test_cosines_of_very_unequal_gradients_keep_their_digits() -> None:
    for g in draws("random", 100):
        _, cosines = in_directions(g @ g.T)
        np.testing.assert_allclose(cosines, unit_rows(g) @ unit_rows(g).T, atol=1e-14)


@pytest.mark.parametrize("kind", ["random", "conflict", "agreeing", "dependent"])
def test_a_factor_is_a_root_of_the_cosines(kind: str) -> None:
    for g in draws(kind, 50):
        cosines = unit_rows(g) @ unit_rows(g).T
        a = factor(cosines)
        np.testing.assert_allclose(a.T @ a, cosines, atol=1e-12)
        assert len(a) == len(g) - (kind == "dependent")


def test_the_shortest_vector_meets_its_bounds_and_the_conditions_of_the_best() -> None:
    rng = np.random.default_rng(0)
    for g in draws("conflict", 500):
        cosines = unit_rows(g) @ unit_rows(g).T
        least = rng.normal(size=len(g)) * 10 ** rng.uniform(-6, 6, size=len(g))
        y, s = shortest(cosines, least)
        assert s == 1.0 and (y >= 0).all()
        over = cosines @ y - least
        scale = np.abs(y).max() + np.abs(least[y > 0]).max(initial=0)
        assert over.min() >= -1e-9 * scale
        assert np.abs(over[y > 0]).max(initial=0) <= 1e-9 * scale, "only what binds has a weight"


def test_bounds_that_nothing_must_be_done_for() -> None:
    y, s = shortest(np.eye(3), np.array([-1.0, 0.0, -3.0]))
    assert y.tolist() == [0, 0, 0] and s == 1.0


def test_bounds_that_nothing_meets() -> None:
    cosines = np.array([[1.0, -1.0], [-1.0, 1.0]])
    y, s = shortest(cosines, np.array([1.0, 0.5]))
    assert s == 0.0
    np.testing.assert_allclose(y @ cosines @ y, 0.0, atol=1e-12)
