import pytest
import torch

from unit.treatments.directions import SCOPES, directions, weights_of


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("alpha", [1.0, 2.0])
def test_the_claim_gain_is_a_power_of_the_weight(scope: str, alpha: float) -> None:
    found = directions("fairgrad", scope=scope, parameter=SCOPES[scope], alpha=alpha)
    gain = found.rows @ found.taken
    torch.testing.assert_close(gain, weights_of(found) ** (-1 / alpha), rtol=1e-3, atol=0)
