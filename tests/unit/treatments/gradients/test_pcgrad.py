import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

import toys
from isogloss.treatments.gradients.orders import Orders, random_orders
from isogloss.treatments.gradients.pcgrad import PCGradWeighting, pcgrad
from unit.treatments.directions import directions, weights_of
from unit.treatments.gradients.matrices import GOLDEN, gradients, matrices


def by_vectors(g: NDArray[np.float64], orders: NDArray[np.intp]) -> NDArray[np.float64]:
    """Algorithm 1 of the paper on the gradients themselves."""
    total = np.zeros(g.shape[1])
    for i, order in enumerate(orders):
        v = g[i].copy()
        for j in order:
            if v @ g[j] < 0:
                v -= v @ g[j] / (g[j] @ g[j]) * g[j]
        total += v
    return total


def test_the_golden_values() -> None:
    orders = np.array([[1], [0]])
    np.testing.assert_allclose(pcgrad(GOLDEN, orders), [1.2, 1.19047619], atol=1e-8)


@settings(deadline=None, max_examples=40)
@given(matrices(), st.integers(0, 1000))
def test_the_gramian_says_what_the_gradients_say(g: NDArray[np.float64], seed: int) -> None:
    orders = random_orders(len(g), np.random.default_rng(seed))
    expected = by_vectors(g, orders)
    scale = np.abs(g).max() * len(g)
    np.testing.assert_allclose(pcgrad(g @ g.T, orders) @ g, expected, atol=1e-8 * scale)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 1000))
def test_without_conflict_it_is_the_sum_and_the_treatment_the_mean(seed: int) -> None:
    g = np.abs(gradients(4, 9, seed))
    assert pcgrad(g @ g.T, random_orders(4, np.random.default_rng(0))).tolist() == [1.0] * 4
    rule = PCGradWeighting().start(n_languages=9, seed=0)
    assert rule.weights("a", g @ g.T, [1, 2, 5, 8]).tolist() == [0.25] * 4


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 1000))
def test_of_two_languages_neither_loses(seed: int) -> None:
    g = gradients(2, 5, seed)
    d = pcgrad(g @ g.T, np.array([[1], [0]])) @ g
    assert (g @ d >= -1e-9).all()


def test_torchjd_agrees_where_the_order_cannot_matter() -> None:
    """Two languages have one order. With more, TorchJD draws its own: means are compared."""
    torch = pytest.importorskip("torch")
    aggregation = pytest.importorskip("torchjd.aggregation", reason="the extra torchjd is missing")
    theirs = aggregation.PCGradWeighting()
    for seed in range(5):
        g = gradients(2, 7, seed)
        ours = pcgrad(g @ g.T, np.array([[1], [0]]))
        np.testing.assert_allclose(theirs(torch.from_numpy(g @ g.T)).numpy(), ours, atol=1e-6)
    g = gradients(4, 3, 1)
    rng = np.random.default_rng(0)
    ours = np.mean([pcgrad(g @ g.T, random_orders(4, rng)) for _ in range(400)], axis=0)
    found = np.mean([theirs(torch.from_numpy(g @ g.T)).numpy() for _ in range(400)], axis=0)
    np.testing.assert_allclose(found, ours, rtol=0.05)


def test_a_resumed_rule_draws_the_same_orders() -> None:
    g = gradients(5, 3, 2)
    whole, cut = PCGradWeighting().start(5, seed=3), PCGradWeighting().start(5, seed=3)
    expected = [whole.weights("a", g @ g.T, range(5)) for _ in range(4)]
    first = [cut.weights("a", g @ g.T, range(5)) for _ in range(2)]
    resumed = PCGradWeighting().start(5, seed=3)
    resumed.load_state(cut.state())
    found = [*first, *(resumed.weights("a", g @ g.T, range(5)) for _ in range(2))]
    np.testing.assert_array_equal(found, expected)
    assert len({tuple(weights) for weights in found}) > 1


WEIGHT = "backbone.model.layers.1.mlp.Wo.weight"


def test_the_claim_two_languages_do_not_lose() -> None:
    for scope, parameter in (("model", None), ("module", WEIGHT)):
        found = directions("pcgrad", toys.PAIR, scope=scope, parameter=parameter)
        assert (found.gains > -1e-6).all()


def test_each_module_has_the_weights_of_its_own_gramian() -> None:
    found = directions("pcgrad", scope="module", parameter=WEIGHT)
    gramian = (found.rows @ found.rows.T).numpy()
    orders = Orders(found.training.plan.seed).draw(WEIGHT.removesuffix(".weight"), 3)
    expected = torch.from_numpy(pcgrad(gramian, orders) / 3)
    torch.testing.assert_close(weights_of(found), expected, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("scope", ["module", "layer", "model"])
def test_one_language_is_trained_as_it_is(scope: str) -> None:
    found = directions("pcgrad", toys.PAIR[:1], scope=scope)
    torch.testing.assert_close(found.taken, found.rows[0], rtol=1e-4, atol=1e-6)
