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
