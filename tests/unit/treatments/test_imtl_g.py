import pytest
import torch

from unit.treatments.directions import directions

pytest.importorskip("torchjd", reason="the extra torchjd is not installed")


def test_the_claim_equal_projections() -> None:
    gains = directions("imtl_g").gains
    torch.testing.assert_close(gains, gains.mean().expand(3), rtol=1e-3, atol=0)
