import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from isogloss.treatments.gradients.gradvac import GradVacWeighting, gradvac
from isogloss.treatments.gradients.orders import Orders, random_orders
from isogloss.treatments.gradients.pcgrad import pcgrad
from unit.treatments.directions import directions, weights_of
from unit.treatments.gradients.matrices import GOLDEN, gradients, matrices

PAIR = np.array([[1], [0]])


def cosine(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    return float(np.clip(a @ b / np.linalg.norm(a) / np.linalg.norm(b), -1.0, 1.0))


def by_vectors(
    g: NDArray[np.float64], phi: NDArray[np.float64], orders: NDArray[np.intp], beta: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Algorithm 1 of the paper on the gradients themselves."""
    total, phi = np.zeros(g.shape[1]), phi.copy()
    for i, order in enumerate(orders):
        v = g[i].copy()
        for j in order:
            c, p = cosine(v, g[j]), phi[i, j]
            if c < p:
                root = np.sqrt(1 - p**2)
                pull = np.linalg.norm(v) * (p * np.sqrt(1 - c**2) - c * root)
                v = v + pull / (np.linalg.norm(g[j]) * root) * g[j]
            phi[i, j] = (1 - beta) * p + beta * c
        total += v
    return total, phi


def test_the_golden_values_of_three_steps() -> None:
    phi = np.zeros((2, 2))
    steps = [
        ([1.2, 1.19047619], -0.0019518),
        ([1.19803846, 1.18860806], -0.00388408),
        ([1.19609651, 1.18675859], None),
    ]
    for expected, target in steps:
        weights, phi = gradvac(GOLDEN, phi, PAIR, beta=0.01)
        np.testing.assert_allclose(weights, expected, atol=1e-8)
        if target is not None:
            assert phi[0, 1] == pytest.approx(target, abs=1e-8)


def test_the_golden_value_of_high_targets() -> None:
    weights, _ = gradvac(GOLDEN, np.full((2, 2), 0.5), PAIR, beta=0.3)
    np.testing.assert_allclose(weights, [1.78022984, 1.74307603], atol=1e-8)


@settings(deadline=None, max_examples=40)
@given(matrices(), st.integers(0, 1000), st.floats(-0.5, 0.9))
def test_the_gramian_says_what_the_gradients_say(
    g: NDArray[np.float64], seed: int, target: float
) -> None:
    if np.linalg.matrix_rank(g) < len(g):
        return  # v may vanish, and the direction of nothing is noise
    orders = random_orders(len(g), np.random.default_rng(seed))
    phi = np.full((len(g), len(g)), target)
    expected, moved = by_vectors(g, phi, orders, 0.1)
    weights, found = gradvac(g @ g.T, phi, orders, beta=0.1)
    scale = max(float(np.abs(expected).max()), float(np.abs(g).max()))
    np.testing.assert_allclose(weights @ g, expected, atol=1e-5 * scale)
    off = ~np.eye(len(g), dtype=bool)
    np.testing.assert_allclose(found[off], moved[off], atol=1e-5)


@settings(deadline=None, max_examples=40)
@given(matrices(), st.integers(0, 1000))
def test_with_targets_of_zero_it_is_pcgrad(g: NDArray[np.float64], seed: int) -> None:
    orders = random_orders(len(g), np.random.default_rng(seed))
    weights, _ = gradvac(g @ g.T, np.zeros((len(g), len(g))), orders, beta=0.01)
    np.testing.assert_allclose(weights, pcgrad(g @ g.T, orders), rtol=1e-6, atol=1e-6)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 1000), st.floats(0.3, 0.9))
def test_a_pair_below_its_target_is_brought_to_it(seed: int, target: float) -> None:
    """The claim of the paper, on the corrected gradient of the first of two languages."""
    g = gradients(2, 30, seed)
    target = max(target, cosine(g[0], g[1]) + 0.01)
    weights, _ = gradvac(g @ g.T, np.array([[0.0, target], [-1.0, 0.0]]), PAIR, beta=0.01)
    assert cosine(g[0] + (weights[1] - 1) * g[1], g[1]) == pytest.approx(target, abs=1e-6)


def test_targets_are_kept_by_language_and_unit() -> None:
    """Three languages, then two of them, then three: TorchJD would have forgotten everything."""
    g = gradients(3, 8, 4)
    rule = GradVacWeighting(beta=0.5).start(n_languages=5, seed=0)
    rule.weights("a", g @ g.T, [0, 2, 4])
    before = rule.targets["a"].copy()
    rule.weights("a", g[[0, 2]] @ g[[0, 2]].T, [0, 4])
    after = rule.targets["a"]
    moved = {tuple(place) for place in np.argwhere(after != before).tolist()}
    assert moved <= {(0, 4), (4, 0)} and moved
    assert after[0, 2] == before[0, 2] != 0
    assert not after[1].any() and not after[3].any()
    rule.weights("b", g @ g.T, [0, 1, 2])
    assert rule.targets["a"] is after


def test_a_resumed_rule_goes_on() -> None:
    g = gradients(4, 3, 2)
    whole, cut = (GradVacWeighting().start(4, seed=3) for _ in range(2))
    expected = [whole.weights("a", g @ g.T, range(4)) for _ in range(4)][2:]
    for _ in range(2):
        cut.weights("a", g @ g.T, range(4))
    resumed = GradVacWeighting().start(4, seed=3)
    resumed.load_state(cut.state())
    np.testing.assert_array_equal(
        [resumed.weights("a", g @ g.T, range(4)) for _ in range(2)], expected
    )


def test_torchjd_agrees_on_two_languages_and_forgets_on_a_change() -> None:
    torch = pytest.importorskip("torch")
    aggregation = pytest.importorskip("torchjd.aggregation", reason="the extra torchjd is missing")
    theirs, ours = aggregation.GradVacWeighting(beta=0.01), GradVacWeighting().start(3, seed=0)
    for seed in range(6):
        g = gradients(2, 4, seed)
        found = theirs(torch.from_numpy(g @ g.T)).numpy()
        np.testing.assert_allclose(ours.weights("a", g @ g.T, [0, 2]) * 2, found, atol=1e-6)
    g = gradients(3, 4, 9)
    theirs(torch.from_numpy(g @ g.T))
    before = ours.targets["a"][0, 2]
    assert before != 0
    pair = gradients(2, 4, 1)
    forgot = theirs(torch.from_numpy(pair @ pair.T)).numpy()
    fresh, _ = gradvac(pair @ pair.T, np.zeros((2, 2)), PAIR, beta=0.01)
    np.testing.assert_allclose(forgot, fresh, atol=1e-6)
    kept = ours.weights("a", pair @ pair.T, [0, 2]) * 2
    assert np.abs(kept - forgot).max() > 1e-4


def test_the_claim_at_work_on_the_model() -> None:
    """That a pair is brought to its target is tested with the rule; here, that the rule is used."""
    found = directions("gradvac", scope="model", beta=0.5)
    gramian = (found.rows @ found.rows.T).numpy()
    orders = Orders(found.training.plan.seed).draw("model", 3)
    weights, targets = gradvac(gramian, np.zeros((3, 3)), orders, beta=0.5)
    torch.testing.assert_close(
        weights_of(found), torch.from_numpy(weights / 3), rtol=1e-3, atol=1e-4
    )
    kept = found.training.combine.state()["targets/model"].numpy()
    np.testing.assert_allclose(kept, targets, atol=1e-4)


def test_the_default_speed_is_the_authors() -> None:
    from isogloss.treatments import build_treatment

    assert build_treatment("gradvac", {}).beta == 0.01  # type: ignore[attr-defined]
