import pytest
import torch

from unit.treatments.directions import SCOPES, directions


@pytest.mark.parametrize("scope", SCOPES)
def test_the_claim_equal_projections(scope: str) -> None:
    gains = directions("imtl_g", scope=scope, parameter=SCOPES[scope]).gains
    torch.testing.assert_close(gains, gains.mean().expand(3), rtol=1e-3, atol=0)
