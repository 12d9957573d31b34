import pytest
import torch

from unit.treatments.directions import directions, weights_of

pytest.importorskip("torchjd", reason="the extra torchjd is not installed")


def test_the_claim_gain_is_a_power_of_the_weight() -> None:
    found = directions("fairgrad", alpha=2.0)
    gain = found.rows @ found.taken
    torch.testing.assert_close(gain, weights_of(found) ** -0.5, rtol=1e-2, atol=0)
