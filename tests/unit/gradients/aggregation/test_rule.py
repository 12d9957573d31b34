"""Every rule without a state, through one door: golden values, and what all of them keep."""

import numpy as np
import pytest

from isogloss.core import InputError
from isogloss.gradients import Rule
from isogloss.gradients.aggregation.rule import RULES
from unit.gradients.aggregation.matrices import GOLDEN, draws, gradients

# Those of the library TorchJD 0.18, whose own solvers stop within 3e-5 of them.
GOLDEN_WEIGHTS = {
    "imtl_g": [0.50609847, 0.49390153],
    "mgda": [0.51020408, 0.48979592],
    "upgrad": [0.5999795, 0.5952195],
    "cagrad": [0.71394977, 0.68540064],
    "aligned_mtl": [0.50525277, 0.49404976],
    "nash_mtl": [0.35249310, 0.34399804],
    "fairgrad": [0.49850053, 0.4864867],
}
OPTIONS: dict[str, dict[str, float]] = {
    "cagrad": {"radius": 0.4},
    "fairgrad": {"alpha": 1.0},
    "nash_mtl": {"max_norm": 1.0},
}
every = pytest.mark.parametrize("rule", RULES)


def named(rule: str) -> Rule:
    return Rule(rule, OPTIONS.get(rule, {}))


@every
def test_the_golden_values(rule: str) -> None:
    running = named(rule).start(2, seed=0)
    found = running.weights("a", GOLDEN, [0, 1])
    np.testing.assert_allclose(found, GOLDEN_WEIGHTS[rule], atol=5e-5)
    assert running.state() == {}
    running.load_state({})


@every
@pytest.mark.parametrize("kind", ["random", "conflict", "agreeing", "dependent"])
def test_weights_are_finite_at_any_lengths(rule: str, kind: str) -> None:
    for g in draws(kind, 100):
        assert np.isfinite(named(rule).weights("a", g @ g.T, range(len(g)))).all()


@every
def test_gradients_that_cancel_give_finite_weights(rule: str) -> None:
    for g in (np.array([[1.0, 0.0], [-1.0, 0.0]]), np.array([[1e5, 0.0], [-1e-5, 0.0]])):
        assert np.isfinite(named(rule).weights("a", g @ g.T, range(2))).all()


@every
def test_equal_gradients_are_followed(rule: str) -> None:
    g = np.ones((3, 4))
    direction = named(rule).weights("a", g @ g.T, range(3)) @ g
    assert np.allclose(direction, direction[0]) and direction[0] > 0


@every
def test_one_language_alone_is_followed(rule: str) -> None:
    weight = named(rule).weights("a", np.array([[4.0]]), [0])
    assert weight.shape == (1,) and weight[0] > 0


@every
def test_the_scale_of_the_gradients_does_not_turn_the_direction(rule: str) -> None:
    g = gradients(3, 9, 0)
    whole = named(rule).weights("a", g @ g.T, range(3)) @ g
    for scale in (1e-6, 1e6):
        h = scale * g
        part = named(rule).weights("a", h @ h.T, range(3)) @ h
        found = part / np.linalg.norm(part)
        np.testing.assert_allclose(found, whole / np.linalg.norm(whole), atol=1e-8)


@every
def test_the_order_of_the_languages_does_not_matter(rule: str) -> None:
    for g in draws("conflict", 20):
        order = np.random.default_rng(0).permutation(len(g))
        found = named(rule).weights("a", (g @ g.T)[np.ix_(order, order)], range(len(g)))
        expected = named(rule).weights("a", g @ g.T, range(len(g)))[order]
        np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-9 * np.abs(expected).max())


def test_an_unknown_rule_is_met_with_the_nearest() -> None:
    with pytest.raises(InputError, match="Did you mean `upgrad`"):
        Rule("upgrat").start(2, seed=0)
