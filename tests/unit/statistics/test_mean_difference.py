import numpy as np
import pytest

from isogloss.core import METRICS
from isogloss.statistics import difference, mean_difference, mean_of_systems

METRIC = METRICS["accuracy"]


def drawn(rng: np.random.Generator, chance: float, n_seeds: int, n_examples: int) -> np.ndarray:
    right = rng.random((n_seeds, n_examples)) < chance
    return np.stack([right, np.ones_like(right)], axis=-1).astype(float)


def test_one_test_set_is_the_plain_difference() -> None:
    rng = np.random.default_rng(1)
    first, second = drawn(rng, 0.6, 3, 200), drawn(rng, 0.5, 3, 200)
    one = difference(first, second, METRIC, paired_seeds=True)
    mean = mean_difference([(first, second)], METRIC, paired_seeds=True)
    for name in ("estimate", "ci_low", "ci_high", "p", "mde", "reference", "treated"):
        assert getattr(mean, name) == pytest.approx(getattr(one, name)), name


def test_test_sets_weigh_alike_whatever_their_size() -> None:
    rng = np.random.default_rng(2)
    pairs = [(drawn(rng, 0.9, 3, 50), drawn(rng, 0.7, 3, 50))]
    pairs += [(drawn(rng, 0.3, 3, 800), drawn(rng, 0.3, 3, 800))]
    singles = [difference(*pair, METRIC).estimate for pair in pairs]
    found = mean_difference(pairs, METRIC)
    assert found.estimate == pytest.approx(np.mean(singles))
    assert (found.n_examples, found.n_seeds) == (850, 3)


def test_how_test_sets_differ_is_not_chance() -> None:
    """A gap of +0.4 in one set and 0 in the other, the same for all: the sets' gap adds nothing."""
    rng = np.random.default_rng(3)
    hard, easy = drawn(rng, 0.3, 1, 400), drawn(rng, 0.7, 1, 400)
    same = drawn(rng, 0.5, 1, 400)
    found = mean_difference([(easy, hard), (same, same)], METRIC)
    alone = difference(easy, hard, METRIC)
    assert found.standard_error == pytest.approx(alone.standard_error / 2, rel=0.01)


@pytest.mark.parametrize("paired", [False, True])
def test_no_difference_is_seldom_called_one(paired: bool) -> None:
    """Nominal 5 %: seeds vary alike on all test sets, as trainings do."""
    rng = np.random.default_rng(4)
    rejected, repeats = 0, 300
    for _ in range(repeats):
        shift = rng.normal(0, 0.05, (2, 3))
        pairs = []
        for base, n_examples in ((0.5, 150), (0.7, 60)):
            sides = [
                np.concatenate([drawn(rng, base + one, 1, n_examples) for one in shift[side]])
                for side in (0, 1)
            ]
            pairs.append((sides[0], sides[1]))
        rejected += mean_difference(pairs, METRIC, paired_seeds=paired).p < 0.05
    assert 0.01 <= rejected / repeats <= 0.09


def test_one_system_against_the_mean_of_others() -> None:
    generator = np.random.default_rng(3)
    sides = generator.random((3, 4, 50)) < np.array([0.8, 0.6, 0.5])[:, None, None]
    alone, first, second = np.stack([sides, np.ones_like(sides)], axis=-1).astype(float)
    found = mean_of_systems(alone, [first, second], METRICS["accuracy"])
    each = [
        difference(alone, one, METRICS["accuracy"], paired_seeds=True) for one in (first, second)
    ]
    assert found.estimate == pytest.approx(np.mean([one.estimate for one in each]))
    assert found.standard_error < max(one.standard_error for one in each)
    same = mean_of_systems(alone, [alone, alone], METRICS["accuracy"])
    assert (same.estimate, same.standard_error) == (0.0, 0.0)
