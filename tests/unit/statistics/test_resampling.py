import numpy as np
import pytest

from isogloss.core import METRICS, InputError
from isogloss.statistics import (
    approximate_randomisation,
    difference,
    hierarchical_bootstrap,
    seed_of_content,
)

ACCURACY, F1 = METRICS["accuracy"], METRICS["entity_f1"]


def answers(rng: np.random.Generator, shares: tuple[float, float], n_seeds: int = 1) -> np.ndarray:
    right = rng.random((2, n_seeds, 200)) < np.array(shares)[:, None, None]
    return np.stack([right, np.ones_like(right)], axis=-1).astype(float)


def test_randomisation_by_hand() -> None:
    """Three examples all in one direction: of 8 sign patterns 2 are as extreme, so p = 1/4."""
    ones, zeros = np.ones((1, 3, 2)), np.stack([np.zeros((1, 3)), np.ones((1, 3))], -1)
    p = approximate_randomisation(ones, zeros, ACCURACY, n_shuffles=20_000)
    assert np.isclose(p, 0.25, atol=0.01)


def test_randomisation_agrees_with_t_on_one_seed(rng: np.random.Generator) -> None:
    pair = answers(rng, (0.8, 0.74))
    assert np.isclose(
        approximate_randomisation(*pair, ACCURACY), difference(*pair, ACCURACY).p, atol=0.03
    )


def test_identical_systems(rng: np.random.Generator) -> None:
    counts = answers(rng, (0.8, 0.8), 3)[0]
    assert approximate_randomisation(counts, counts, ACCURACY, n_shuffles=99) == 1.0


def test_bootstrap_agrees_with_t_on_one_seed(rng: np.random.Generator) -> None:
    pair = answers(rng, (0.8, 0.6))
    expected = difference(*pair, ACCURACY)
    low, high = hierarchical_bootstrap(*pair, ACCURACY)
    assert np.isclose(low, expected.ci_low, atol=0.015)
    assert np.isclose(high, expected.ci_high, atol=0.015)


def test_bootstrap_follows_the_sign_of_the_metric(rng: np.random.Generator) -> None:
    n_bytes = rng.integers(5, 50, (1, 60))
    few, many = np.stack([n_bytes * 1.0, n_bytes], -1), np.stack([n_bytes * 1.5, n_bytes], -1)
    low, high = hierarchical_bootstrap(few, many, METRICS["bits_per_byte"], n_resamples=99)
    assert np.allclose([low, high], 0.5)


def test_same_data_same_answer_whatever_was_drawn_before(rng: np.random.Generator) -> None:
    pair = answers(rng, (0.8, 0.7), 3)
    first = hierarchical_bootstrap(*pair, ACCURACY, n_resamples=200)
    np.random.default_rng().random(5)
    assert hierarchical_bootstrap(*pair, ACCURACY, n_resamples=200) == first
    assert approximate_randomisation(*pair, ACCURACY, n_shuffles=700) == (
        approximate_randomisation(*pair, ACCURACY, n_shuffles=700)
    )


def test_seed_depends_on_numbers_and_shape() -> None:
    ones = np.ones((2, 3))
    assert seed_of_content(ones) == seed_of_content(np.ones((2, 3)))
    assert seed_of_content(ones) != seed_of_content(np.ones((3, 2)))
    assert seed_of_content(ones) != seed_of_content(ones * 2)


def test_randomisation_refuses_other_numbers_of_seeds(rng: np.random.Generator) -> None:
    first, second = answers(rng, (0.8, 0.8), 3)
    with pytest.raises(InputError, match="3 and 2"):
        approximate_randomisation(first, second[:2], ACCURACY)
