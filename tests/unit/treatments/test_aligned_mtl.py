import pytest
import torch

from unit.treatments.directions import directions

pytest.importorskip("torchjd", reason="the extra torchjd is not installed")


def test_the_claim_the_mean_of_aligned_gradients() -> None:
    found = directions("aligned_mtl")
    u, s, v = torch.linalg.svd(found.rows, full_matrices=False)
    expected = (s.min() * u @ v).mean(0)
    assert float((found.taken - expected).norm()) < 1e-3 * float(expected.norm())
