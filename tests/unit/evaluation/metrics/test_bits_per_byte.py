import math

import numpy as np

from isogloss.core import METRICS
from isogloss.evaluation.metrics import bit_counts


def test_by_hand() -> None:
    """Pieces of 2 and 4 bytes at probability 1/8, one of 1 byte at 1/2, a row without masks."""
    nats = np.array([math.log(8), math.log(8), math.log(2)])
    counts = bit_counts(nats, np.array([2, 4, 1]), np.array([0, 0, 2]), 3)
    assert np.allclose(counts, [[6.0, 6.0], [0.0, 0.0], [1.0, 1.0]], atol=1e-12)
    assert np.isclose(METRICS["bits_per_byte"].value(counts.sum(axis=0)), 1.0)


def test_the_unit_does_not_depend_on_the_vocabulary() -> None:
    """One long piece or two halves, predicted equally well, cost the same bits a byte."""
    whole = bit_counts(np.array([math.log(16)]), np.array([4]), np.array([0]), 1)
    halves = bit_counts(np.full(2, math.log(4)), np.array([2, 2]), np.array([0, 0]), 1)
    assert np.allclose(whole, halves)
