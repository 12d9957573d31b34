import numpy as np

from isogloss.gradients.aggregation.contract import in_directions
from unit.gradients.aggregation.matrices import GOLDEN, directions, draws


def test_lengths_and_cosines_by_hand() -> None:
    lengths, cosines = in_directions(GOLDEN)
    np.testing.assert_allclose(lengths, np.sqrt([5, 5.25]))
    np.testing.assert_allclose(cosines, [[1, -1 / np.sqrt(26.25)], [-1 / np.sqrt(26.25), 1]])


def test_cosines_of_very_unequal_gradients_keep_their_digits() -> None:
    for g in draws("random", 100):
        _, cosines = in_directions(g @ g.T)
        np.testing.assert_allclose(cosines, directions(g) @ directions(g).T, atol=1e-14)
