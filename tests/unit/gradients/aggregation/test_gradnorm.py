import numpy as np
import pytest

from isogloss.gradients import gradnorm_derivative, normalised


@pytest.mark.parametrize("alpha", [0.0, 0.5, 1.5])
def test_the_derivative_is_that_of_the_loss_with_constant_targets(alpha: float) -> None:
    rng = np.random.default_rng(0)
    w, lengths, ratios = rng.random(4) + 0.5, rng.random(4) + 0.1, rng.random(4) + 0.5
    target = (w * lengths).mean() * (ratios / ratios.mean()) ** alpha

    def loss(weights: np.ndarray) -> float:
        return float(np.abs(weights * lengths - target).sum())

    step = 1e-6 * np.eye(4)
    numeric = [(loss(w + one) - loss(w - one)) / 2e-6 for one in step]
    np.testing.assert_allclose(gradnorm_derivative(w, lengths, ratios, alpha), numeric, rtol=1e-4)


def test_descent_with_alpha_zero_makes_lengths_equal() -> None:
    lengths, w = np.array([0.5, 1.0, 4.0]), np.ones(3)
    for step in range(4000):
        slope = gradnorm_derivative(w, lengths, np.ones(3), 0.0)
        w = normalised(w - 0.02 / (1 + step / 100) * slope / lengths)
    weighted = w * lengths
    assert weighted.max() / weighted.min() < 1.1


def test_who_learned_less_is_to_be_longer() -> None:
    slope = gradnorm_derivative(np.ones(2), np.ones(2), np.array([0.9, 0.5]), 1.5)
    assert slope[0] < 0 < slope[1]


def test_weights_sum_to_their_number_and_stay_positive() -> None:
    found = normalised(np.array([-1.0, 1.0, 2.0]))
    assert found.sum() == pytest.approx(3.0)
    assert found.min() > 0
