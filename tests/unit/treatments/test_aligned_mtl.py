import pytest
import torch

from unit.treatments.directions import SCOPES, directions


@pytest.mark.parametrize("scope", SCOPES)
def test_the_claim_the_mean_of_aligned_gradients(scope: str) -> None:
    found = directions("aligned_mtl", scope=scope, parameter=SCOPES[scope])
    u, s, v = torch.linalg.svd(found.rows, full_matrices=False)
    expected = (s.min() * u @ v).mean(0)
    assert float((found.taken - expected).norm()) < 1e-3 * float(expected.norm())
