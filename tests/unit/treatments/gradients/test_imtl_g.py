import numpy as np
import pytest
import torch

from isogloss.treatments.gradients.imtl_g import imtl_g
from unit.treatments.directions import SCOPES, directions
from unit.treatments.gradients.matrices import draws, unit_rows


@pytest.mark.parametrize("kind", ["random", "conflict", "agreeing"])
def test_claim_equal_projections_whatever_the_lengths(kind: str) -> None:
    for g in draws(kind, 1000):
        weights = imtl_g(g @ g.T)
        projections = unit_rows(g) @ (weights @ g)
        np.testing.assert_allclose(projections, projections[0], rtol=1e-9)
        assert weights.sum() == pytest.approx(1.0, abs=1e-6 * np.abs(weights).max())


def test_the_papers_weights_can_turn_against_all() -> None:
    """Three conflicting gradients, one of them short: their sum of weights falls below 0."""
    seen = [float((g @ (imtl_g(g @ g.T) @ g)).max()) for g in draws("random", 200)]
    assert min(seen) < 0 < max(seen)


def test_opposite_gradients_have_the_zero_vector() -> None:
    g = np.array([[2.0, 0.0], [-1.0, 0.0]])
    assert imtl_g(g @ g.T).tolist() == [0.0, 0.0]


@pytest.mark.parametrize("scope", SCOPES)
def test_the_claim_equal_projections(scope: str) -> None:
    gains = directions("imtl_g", scope=scope, parameter=SCOPES[scope]).gains
    torch.testing.assert_close(gains, gains.mean().expand(3), rtol=1e-3, atol=0)
