import numpy as np
import pytest

from isogloss.core import METRICS, InputError
from isogloss.statistics.counts import checked_counts, checked_pair, influences, seed_scores

ACCURACY, F1, BITS = METRICS["accuracy"], METRICS["entity_f1"], METRICS["bits_per_byte"]


def test_influences_of_an_average_are_the_values_themselves() -> None:
    right = np.array([[1.0, 0.0, 1.0, 1.0], [0.0, 0.0, 1.0, 0.0]])
    counts = np.stack([right, np.ones_like(right)], axis=-1)
    assert np.allclose(influences(counts, ACCURACY), right, atol=1e-12)


def test_influences_of_a_ratio_by_hand() -> None:
    counts = np.array([[[2.0, 1.0], [6.0, 2.0]]])
    # All: 8/3. Without the first: 6/2 = 3. Without the second: 2/1 = 2. n * all - (n-1) * rest.
    assert np.allclose(influences(counts, BITS), [[16 / 3 - 3, 16 / 3 - 2]], atol=1e-12)


def test_influences_agree_with_the_linearisation_of_f1_on_large_samples(
    rng: np.random.Generator,
) -> None:
    gold = rng.poisson(1.0, (1, 2_000)).astype(float)
    found = rng.binomial(gold.astype(int), 0.6).astype(float)
    counts = np.stack([found, found + rng.poisson(0.3, gold.shape), gold], axis=-1)
    total = counts.sum(axis=1)[0]
    score = 2 * total[0] / (total[1] + total[2])
    linear = (2 * counts[..., 0] - score * (counts[..., 1] + counts[..., 2])) / (
        (total[1] + total[2]) / 2_000
    )
    jackknife = influences(counts, F1)
    assert np.isclose(jackknife.var(), linear.var(), rtol=0.01)


def test_seed_scores() -> None:
    counts = np.array([[[1.0, 1, 2], [1, 2, 2]], [[0.0, 0, 2], [0, 0, 2]]])
    assert np.allclose(seed_scores(counts, F1), [4 / 7, 0.0])


@pytest.mark.parametrize(
    ("counts", "found"),
    [
        (np.ones((3, 4)), "shape [3, 4]"),
        (np.ones((1, 1, 2)), "shape [1, 1, 2]"),
        (np.ones((0, 5, 2)), "shape [0, 5, 2]"),
        (np.ones((2, 5, 3)), "3 counts an example"),
        (np.full((2, 5, 2), np.nan), "20 numbers that are not finite"),
    ],
)
def test_refuses_what_is_no_table_of_counts(counts: np.ndarray, found: str) -> None:
    with pytest.raises(InputError) as caught:
        checked_counts(counts, ACCURACY, "treated")
    assert caught.value.found == found
    assert "treated" in caught.value.where


def test_refuses_other_examples_on_the_two_sides() -> None:
    with pytest.raises(InputError, match="5 and 6 examples"):
        checked_pair(np.ones((3, 5, 2)), np.ones((3, 6, 2)), ACCURACY)
