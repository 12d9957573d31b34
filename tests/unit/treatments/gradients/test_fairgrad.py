import numpy as np
import pytest
import torch

from isogloss.core import InputError
from isogloss.treatments.gradients.fairgrad import fairgrad
from unit.treatments.directions import SCOPES, directions, weights_of
from unit.treatments.gradients.matrices import draws, unit_rows


@pytest.mark.parametrize("kind", ["random", "conflict", "agreeing"])
def test_claim_gain_is_the_inverse_weight_whatever_the_lengths(kind: str) -> None:
    for g in draws(kind, 1000):
        w = fairgrad(g @ g.T, 1.0)
        assert (w > 0).all()
        np.testing.assert_allclose(w * (g @ (w @ g)), 1.0, rtol=1e-5)


@pytest.mark.parametrize("alpha", [0.5, 2.0, 5.0])
def test_claim_gain_is_a_power_of_the_weight(alpha: float) -> None:
    """Lengths within a hundred of one another: beyond, one gain is a rounding of the others."""
    rng = np.random.default_rng(0)
    for g in draws("conflict", 300):
        near = unit_rows(g) * 10 ** rng.uniform(-1, 1, size=(len(g), 1))
        w = fairgrad(near @ near.T, alpha)
        np.testing.assert_allclose(near @ (w @ near), w ** (-1 / alpha), rtol=1e-5)


def test_what_numbers_cannot_hold_is_refused() -> None:
    g = np.array([[1e6, 0.0, 0.0], [-5e-7, 1e-6, 0.0], [0.3, -0.4, 0.1]])
    with pytest.raises(InputError, match="at alpha 60") as refused:
        fairgrad(g @ g.T, 60.0)
    assert refused.value.where == "treatments.fairgrad.alpha"


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("alpha", [1.0, 2.0])
def test_the_claim_gain_is_a_power_of_the_weight(scope: str, alpha: float) -> None:
    found = directions("fairgrad", scope=scope, parameter=SCOPES[scope], alpha=alpha)
    gain = found.rows @ found.taken
    torch.testing.assert_close(gain, weights_of(found) ** (-1 / alpha), rtol=1e-3, atol=0)
