import sys

import numpy as np
import pytest
from hypothesis import given, settings
from numpy.typing import NDArray

from isogloss.core import InputError
from isogloss.gradients import TorchJD
from isogloss.gradients.aggregation.torchjd import RULES
from unit.gradients.aggregation.matrices import GOLDEN, gradients, matrices

torchjd = pytest.importorskip("torchjd", reason="the extra torchjd is not installed")

GOLDEN_WEIGHTS = {
    "imtl_g": [0.50609847, 0.49390153],
    "mgda": [0.51020408, 0.48979592],
    "upgrad": [0.5999795, 0.5952195],
    "cagrad": [0.71394977, 0.68540064],
    "aligned_mtl": [0.50525277, 0.49404976],
}
OPTIONS = {"cagrad": {"c": 0.4}, "fairgrad": {"alpha": 1.0}}


def weights(rule: str, g: NDArray[np.float64]) -> NDArray[np.float64]:
    running = TorchJD(rule, OPTIONS.get(rule, {})).start(len(g), seed=0)
    return running.weights("a", g @ g.T, range(len(g)))


@pytest.mark.parametrize("rule", GOLDEN_WEIGHTS)
def test_the_golden_values(rule: str) -> None:
    running = TorchJD(rule, OPTIONS.get(rule, {})).start(2, seed=0)
    found = running.weights("a", GOLDEN, [0, 1])
    np.testing.assert_allclose(found, GOLDEN_WEIGHTS[rule], atol=2e-4)
    assert running.state() == {}
    running.load_state({})


@settings(deadline=None, max_examples=40)
@given(matrices())
def test_claims_of_mgda_and_upgrad_no_language_loses(g: NDArray[np.float64]) -> None:
    # Of like lengths: TorchJD adds a constant to UPGrad's normalised Gramian, below which short
    # gradients vanish, and stops Frank and Wolfe's method for MGDA early.
    equal = g / np.linalg.norm(g, axis=1)[:, None]
    for rule in ("upgrad", "mgda"):
        assert (equal @ (weights(rule, equal) @ equal)).min() > -0.05


@pytest.mark.parametrize("rule", RULES)
def test_the_scale_of_the_gradients_does_not_change_what_is_done(rule: str) -> None:
    """TorchJD's own thresholds are absolute: for short gradients CAGrad answers with zeros."""
    g = gradients(3, 9, 0)
    long, short = weights(rule, g) @ g, weights(rule, 1e-6 * g) @ g
    np.testing.assert_allclose(
        short / np.linalg.norm(short), long / np.linalg.norm(long), atol=1e-6
    )
    gain = weights(rule, 1e-6 * g) * (1e-12 * g @ g.T @ weights(rule, 1e-6 * g))
    if rule == "fairgrad":
        np.testing.assert_allclose(gain, 1.0, rtol=1e-3)


def test_claim_of_imtl_g_equal_projections() -> None:
    for seed in range(5):
        g = gradients(4, 9, seed)
        projections = (g / np.linalg.norm(g, axis=1, keepdims=True)) @ (weights("imtl_g", g) @ g)
        np.testing.assert_allclose(projections, projections[0], rtol=1e-6)


def test_claim_of_cagrad_a_better_worst_case_than_the_mean() -> None:
    for seed in range(5):
        g = gradients(3, 9, seed)
        mean = g.mean(0)
        assert (g @ (weights("cagrad", g) @ g)).min() >= (g @ mean).min() - 1e-6


def test_claim_of_fairgrad_gain_is_the_inverse_weight() -> None:
    g = gradients(3, 9, 1)
    w = weights("fairgrad", g)
    np.testing.assert_allclose(w * (g @ (w @ g)), 1.0, rtol=1e-3)


def test_claim_of_aligned_mtl_equal_singular_values() -> None:
    g = gradients(3, 9, 1)
    u, s, v = np.linalg.svd(g, full_matrices=False)
    aligned = s.min() * u @ v
    np.testing.assert_allclose(weights("aligned_mtl", g) @ g, aligned.mean(0), atol=1e-6)


def test_a_zero_row_silences_mgda_and_cagrad() -> None:
    """Why absent languages are dropped before a rule is asked."""
    g = np.vstack([gradients(2, 5, 0), np.zeros(5)])
    for rule in ("mgda", "cagrad"):
        assert np.linalg.norm(weights(rule, g) @ g) < 1e-2 * np.linalg.norm(g.mean(0))


@pytest.mark.parametrize("rule", RULES)
def test_without_torchjd_the_extra_is_named(rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torchjd.aggregation", None)
    with pytest.raises(InputError, match=r"isogloss\[torchjd\]") as refused:
        TorchJD(rule, OPTIONS.get(rule, {})).start(2, seed=0)
    assert refused.value.where == f"treatments.{rule}"


def test_an_unknown_rule_is_met_with_the_nearest() -> None:
    with pytest.raises(InputError, match="Did you mean `upgrad`"):
        TorchJD("upgrat").start(2, seed=0)
