import math

import pytest
import torch

from isogloss.gradients import (
    conflict_rate,
    cosines,
    magnitude_similarity,
    mean_cosine,
    norms,
)
from isogloss.gradients.measures import joined, noise_corrected, same_language

# Rows (3, 0), (0, 4), (-1, 0): one pair in conflict, two at right angles.
GRAMIAN = torch.tensor([[9.0, 0.0, -3.0], [0.0, 16.0, 0.0], [-3.0, 0.0, 1.0]])


def test_values_by_hand() -> None:
    assert norms(GRAMIAN).tolist() == [3.0, 4.0, 1.0]
    assert cosines(GRAMIAN)[0].tolist() == [1.0, 0.0, -1.0]
    assert conflict_rate(GRAMIAN) == pytest.approx(1 / 3)
    assert mean_cosine(GRAMIAN) == pytest.approx(-1 / 3)
    assert magnitude_similarity(GRAMIAN)[0].tolist() == pytest.approx([1.0, 24 / 25, 6 / 10])


def test_a_gradient_without_length_has_no_cosine() -> None:
    gramian = torch.diag(torch.tensor([1.0, 0.0]))
    assert cosines(gramian)[0, 1].isnan()
    assert math.isnan(conflict_rate(gramian))


def halves(noise: float, generator: torch.Generator) -> torch.Tensor:
    """Two languages with gradients (1, 0, ..) and (.6, .8, 0, ..), each half with noise."""
    mean = torch.zeros(4, 50, dtype=torch.float64)
    mean[:2, 0], mean[2:, 0], mean[2:, 1] = 1.0, 0.6, 0.8
    rows = (mean + noise * torch.randn(4, 50, generator=generator, dtype=torch.float64)) / 2
    return rows @ rows.T


def test_noise_is_taken_off_the_lengths() -> None:
    generator = torch.Generator().manual_seed(0)
    gramians = torch.stack([halves(0.3, generator) for _ in range(4000)])
    plain = torch.stack([joined(one) for one in gramians]).mean(0)
    corrected = torch.stack([noise_corrected(one, [0.5] * 4) for one in gramians]).mean(0)
    truth = torch.tensor([[1.0, 0.6], [0.6, 1.0]], dtype=torch.float64)
    assert float(plain[0, 0]) > 3.0
    torch.testing.assert_close(corrected, truth, rtol=0, atol=0.05)


def test_unequal_halves_count_by_their_share() -> None:
    """Halves of the sum: 3/4 and 1/4 of a gradient of length 2."""
    rows = torch.tensor([[1.5], [0.5]], dtype=torch.float64)
    assert float(noise_corrected(rows @ rows.T, [0.75, 0.25])) == 4.0


def test_the_same_language_is_its_own_control() -> None:
    rows = torch.tensor([[1.0, 0.0], [3.0, 4.0], [0.0, 1.0], [0.0, 2.0]])
    torch.testing.assert_close(same_language(rows @ rows.T), torch.tensor([0.6, 1.0]))
