"""Every rule without a state in the table of treatments: golden values, and what all keep."""

import dataclasses

import numpy as np
import pytest

import toys
from isogloss.gradients import Rule
from isogloss.training import GradientCombine
from isogloss.treatments import TREATMENTS, build_treatment
from unit.treatments.gradients.matrices import GOLDEN, draws, gradients

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


NAMES = [name for name, kind in TREATMENTS.items() if "combine" in kind.parts]


def stateless() -> dict[str, Rule]:
    """Return the rules of the treatments of the table that have no state, by name."""
    plans = {name: build_treatment(name, {}).apply(toys.plan()) for name in NAMES}
    combines = {name: plan.combine for name, plan in plans.items()}
    return {
        name: combine.weighting
        for name, combine in combines.items()
        if isinstance(combine, GradientCombine) and isinstance(combine.weighting, Rule)
    }


RULES = stateless()
every = pytest.mark.parametrize("rule", RULES)


@every
def test_the_golden_values(rule: str) -> None:
    running = RULES[rule].start(2, seed=0)
    found = running.weights("a", GOLDEN, [0, 1])
    np.testing.assert_allclose(found, GOLDEN_WEIGHTS[rule], atol=5e-5)
    assert running.state() == {}
    running.load_state({})


@every
@pytest.mark.parametrize("kind", ["random", "conflict", "agreeing", "dependent"])
def test_weights_are_finite_at_any_lengths(rule: str, kind: str) -> None:
    for g in draws(kind, 100):
        assert np.isfinite(RULES[rule].weights("a", g @ g.T, range(len(g)))).all()


@every
def test_gradients_that_cancel_give_finite_weights(rule: str) -> None:
    for g in (np.array([[1.0, 0.0], [-1.0, 0.0]]), np.array([[1e5, 0.0], [-1e-5, 0.0]])):
        assert np.isfinite(RULES[rule].weights("a", g @ g.T, range(2))).all()


@every
def test_equal_gradients_are_followed(rule: str) -> None:
    g = np.ones((3, 4))
    direction = RULES[rule].weights("a", g @ g.T, range(3)) @ g
    assert np.allclose(direction, direction[0]) and direction[0] > 0


@every
def test_one_language_alone_is_followed(rule: str) -> None:
    weight = RULES[rule].weights("a", np.array([[4.0]]), [0])
    assert weight.shape == (1,) and weight[0] > 0


@every
def test_the_scale_of_the_gradients_does_not_turn_the_direction(rule: str) -> None:
    g = gradients(3, 9, 0)
    whole = RULES[rule].weights("a", g @ g.T, range(3)) @ g
    for scale in (1e-6, 1e6):
        h = scale * g
        part = RULES[rule].weights("a", h @ h.T, range(3)) @ h
        found = part / np.linalg.norm(part)
        np.testing.assert_allclose(found, whole / np.linalg.norm(whole), atol=1e-8)


@every
def test_the_order_of_the_languages_does_not_matter(rule: str) -> None:
    for g in draws("conflict", 20):
        order = np.random.default_rng(0).permutation(len(g))
        found = RULES[rule].weights("a", (g @ g.T)[np.ix_(order, order)], range(len(g)))
        expected = RULES[rule].weights("a", g @ g.T, range(len(g)))[order]
        np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-9 * np.abs(expected).max())


def test_every_rule_has_its_golden_value() -> None:
    assert set(RULES) == set(GOLDEN_WEIGHTS)


def test_a_plan_tells_a_rule_by_the_name_of_its_function() -> None:
    """The name by which finished runs know it, so the function of the equation is called so."""
    plan = build_treatment("cagrad", {}).apply(toys.plan())
    assert plan.describe()["combine"]["weighting"] == {
        "is": "Rule",
        "rule": "cagrad",
        "options": {"radius": 0.4},
    }


def test_a_rule_of_ones_own_is_told_by_the_content_of_its_file() -> None:
    def mine(gramian: np.ndarray) -> np.ndarray:
        return np.ones(len(gramian))

    plan = dataclasses.replace(toys.plan(), combine=GradientCombine(Rule(mine)))
    told = plan.describe()["combine"]["weighting"]["rule"]
    assert told["is"] == "mine" and len(told["code"]) == 64
