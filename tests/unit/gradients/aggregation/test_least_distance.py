import numpy as np
import pytest

from isogloss.gradients.aggregation.least_distance import factor, shortest
from unit.gradients.aggregation.matrices import directions, draws


@pytest.mark.parametrize("kind", ["random", "conflict", "agreeing", "dependent"])
def test_a_factor_is_a_root_of_the_cosines(kind: str) -> None:
    for g in draws(kind, 50):
        cosines = directions(g) @ directions(g).T
        a = factor(cosines)
        np.testing.assert_allclose(a.T @ a, cosines, atol=1e-12)
        assert len(a) == len(g) - (kind == "dependent")


def test_the_shortest_vector_meets_its_bounds_and_the_conditions_of_the_best() -> None:
    rng = np.random.default_rng(0)
    for g in draws("conflict", 500):
        cosines = directions(g) @ directions(g).T
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
