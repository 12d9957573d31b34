import numpy as np
import pytest
from scipy.optimize import minimize

from isogloss.treatments.gradients.cagrad import cagrad
from unit.treatments.directions import SCOPES, directions
from unit.treatments.gradients.matrices import draws, gradients

KINDS = ["random", "conflict", "agreeing", "dependent"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("radius", [0.4, 1.0])
def test_claim_a_worst_case_no_worse_than_the_mean_in_the_ball(kind: str, radius: float) -> None:
    for g in draws(kind, 250):
        mean = g.mean(0)
        d = cagrad(g @ g.T, radius) @ g
        worst = (g @ mean).min()
        assert (g @ d).min() >= worst - 1e-9 * np.abs(g @ mean).max()
        assert np.linalg.norm(d - mean) <= (radius + 1e-7) * np.linalg.norm(mean)


def test_radius_zero_is_the_mean() -> None:
    for g in draws("conflict", 50):
        np.testing.assert_allclose(cagrad(g @ g.T, 0.0), 1 / len(g), rtol=1e-15)


def test_without_conflict_about_equal_gradients_it_goes_as_far_as_it_may() -> None:
    g = np.ones((3, 4))
    np.testing.assert_allclose(cagrad(g @ g.T, 0.4) @ g, 1.4 * g[0], rtol=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_the_papers_dual_problem_has_the_same_value(seed: int) -> None:
    """min over the simplex of <g_w, g_0> + c |g_0| |g_w| is the best worst case."""
    g = gradients(3, 9, seed)
    mean = g.mean(0)

    def dual(w: np.ndarray) -> float:
        combined = w @ g
        return combined @ mean + 0.4 * np.linalg.norm(mean) * np.linalg.norm(combined)

    best = minimize(
        dual,
        np.full(3, 1 / 3),
        bounds=[(0, 1)] * 3,
        constraints={"type": "eq", "fun": lambda w: w.sum() - 1},
        options={"ftol": 1e-14},
    )
    assert (g @ (cagrad(g @ g.T, 0.4) @ g)).min() == pytest.approx(best.fun, rel=1e-5)


@pytest.mark.parametrize("scope", SCOPES)
def test_the_claim_the_worst_language_gains_as_by_the_mean(scope: str) -> None:
    found = directions("cagrad", scope=scope, parameter=SCOPES[scope])
    worst = float((found.rows @ found.taken).min())
    by_mean = float((found.rows @ found.rows.mean(0)).min())
    assert worst > by_mean - 1e-5 * abs(by_mean)
