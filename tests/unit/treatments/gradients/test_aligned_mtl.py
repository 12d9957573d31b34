import numpy as np
import pytest
import torch

from isogloss.treatments.gradients.aligned_mtl import aligned_mtl
from unit.treatments.directions import SCOPES, directions
from unit.treatments.gradients.matrices import draws, gradients, unit_rows


@pytest.mark.parametrize("seed", range(5))
def test_claim_the_mean_of_gradients_made_orthogonal_and_equally_long(seed: int) -> None:
    g = gradients(4, 9, seed)
    u, s, v = np.linalg.svd(g, full_matrices=False)
    aligned = s.min() * u @ v
    np.testing.assert_allclose(aligned_mtl(g @ g.T) @ g, aligned.mean(0), atol=1e-12)


@pytest.mark.parametrize("kind", ["random", "conflict", "agreeing"])
def test_claim_whatever_the_lengths(kind: str) -> None:
    """The mean of n orthogonal vectors of length s has the length s / sqrt(n), s the shortest."""
    for g in draws(kind, 1000):
        d = aligned_mtl(g @ g.T) @ g
        # The polar factor's mean, from the exact singular vectors of the scaled problem.
        short = np.linalg.norm(g, axis=1).min()
        assert np.linalg.norm(d) <= short / np.sqrt(len(g)) * (1 + 1e-9)
        assert (unit_rows(g) @ d > -1e-9 * np.linalg.norm(d)).any()


def test_claim_of_two_languages_at_any_lengths_in_closed_form() -> None:
    """The root of a 2 x 2 Gramian is (G + sqrt(det) I) / sqrt(trace + 2 sqrt(det))."""
    for exponent in range(-6, 7):
        length, cosine = 10.0**exponent, -0.6
        g = np.array([[1.0, 0.0], [cosine * length, 0.8 * length]])
        product = 0.8 * length  # of the singular values
        total = np.sqrt(1 + length**2 + 2 * product)  # their sum
        smallest = 2 * product / (total + np.sqrt(total**2 - 4 * product))
        cofactors = np.array(
            [[length**2 + product, -cosine * length], [-cosine * length, 1 + product]]
        )
        expected = smallest * (cofactors / (product * total)) @ [0.5, 0.5]
        np.testing.assert_allclose(aligned_mtl(g @ g.T), expected, rtol=1e-7)


def test_dependent_gradients_are_aligned_in_the_space_that_they_span() -> None:
    for g in draws("dependent", 200):
        d = aligned_mtl(g @ g.T) @ g
        assert np.isfinite(d).all()
        assert np.linalg.norm(d) <= np.linalg.norm(g, axis=1).max()


@pytest.mark.parametrize("scope", SCOPES)
def test_the_claim_the_mean_of_aligned_gradients(scope: str) -> None:
    found = directions("aligned_mtl", scope=scope, parameter=SCOPES[scope])
    u, s, v = torch.linalg.svd(found.rows, full_matrices=False)
    expected = (s.min() * u @ v).mean(0)
    assert float((found.taken - expected).norm()) < 1e-3 * float(expected.norm())
