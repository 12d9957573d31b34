import pytest
import torch

from unit.treatments.directions import SCOPES, directions, weights_of


@pytest.mark.parametrize("scope", SCOPES)
def test_the_claim_weight_times_gain_is_equal(scope: str) -> None:
    found = directions("nash_mtl", scope=scope, parameter=SCOPES[scope], max_norm=0.0)
    product = weights_of(found) * (found.rows @ found.taken)
    torch.testing.assert_close(product, torch.ones(3).double(), rtol=1e-3, atol=0)


def test_the_direction_is_no_longer_than_asked() -> None:
    assert float(directions("nash_mtl", max_norm=0.5).taken.norm()) < 0.5 * 1.001
