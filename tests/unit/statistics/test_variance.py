import numpy as np
from scipy import stats

from isogloss.statistics.variance import uncertainty


def test_one_seed_is_the_paired_t_test(rng: np.random.Generator) -> None:
    first, second = rng.random((2, 1, 40))
    found = uncertainty(first, second, paired_seeds=False)
    assert np.isclose(found.variance, (first - second).var(ddof=1) / 40, atol=1e-15)
    assert found.seed_share == 0.0


def test_by_hand_with_equal_examples() -> None:
    """Only seeds vary: the variance and its degrees of freedom are Welch's."""
    seeds = np.array([0.50, 0.53, 0.58])
    others = np.array([0.41, 0.43, 0.47])
    spread = np.broadcast_to
    found = uncertainty(
        spread(seeds[:, None], (3, 10)), spread(others[:, None], (3, 10)), paired_seeds=False
    )
    welch = stats.ttest_ind(seeds, others, equal_var=False)
    assert np.isclose(found.variance, (seeds.var(ddof=1) + others.var(ddof=1)) / 3, atol=1e-12)
    assert np.isclose(found.seeds_freedom, welch.df, atol=1e-9)
    assert np.isclose(found.seed_share, 1.0)


def test_pairs_of_seeds_with_equal_examples_are_a_paired_t_test() -> None:
    seeds, others = np.array([0.50, 0.53, 0.58]), np.array([0.41, 0.43, 0.47])
    found = uncertainty(
        np.repeat(seeds[:, None], 10, 1), np.repeat(others[:, None], 10, 1), paired_seeds=True
    )
    assert np.isclose(found.variance, (seeds - others).var(ddof=1) / 3, atol=1e-12)
    assert np.isclose(found.seeds_freedom, 2.0, atol=1e-9)


def test_is_unbiased_for_examples_plus_seeds(rng: np.random.Generator) -> None:
    """Mean estimate against the known variance, where the truncation at 0 seldom acts."""
    n, n_seeds, seed_spread, example_spread, noise = 50, 4, 0.5, 1.0, 0.5
    true = 2 * (example_spread**2 / n + seed_spread**2 / n_seeds + noise**2 / (n * n_seeds))
    estimates = []
    for _ in range(1_500):
        sides = [
            rng.normal(0, example_spread, n)
            + rng.normal(0, seed_spread, (n_seeds, 1))
            + rng.normal(0, noise, (n_seeds, n))
            for _ in range(2)
        ]
        estimates.append(uncertainty(*sides, paired_seeds=False).variance)
    assert np.isclose(np.mean(estimates), true, rtol=0.05)


def test_shared_example_difficulty_cancels(rng: np.random.Generator) -> None:
    difficulty = rng.normal(0, 10, 100)
    first, second = rng.normal(0, 0.1, (2, 3, 100))
    bare = uncertainty(first, second, paired_seeds=False)
    hard = uncertainty(first + difficulty, second + difficulty, paired_seeds=False)
    assert np.isclose(bare.variance, hard.variance)


def test_never_below_the_part_of_the_examples(rng: np.random.Generator) -> None:
    for _ in range(50):
        first, second = rng.normal(0, 1, (2, 3, 30))
        first = first - first.mean(axis=1, keepdims=True)
        second = second - second.mean(axis=1, keepdims=True)
        found = uncertainty(first, second, paired_seeds=False)
        gap = first.mean(axis=0) - second.mean(axis=0)
        assert np.isclose(found.variance, gap.var(ddof=1) / 30)
        assert found.seed_share == 0.0


def test_nothing_varies() -> None:
    found = uncertainty(np.ones((3, 5)), np.zeros((3, 5)), paired_seeds=False)
    assert (found.variance, found.seed_share) == (0.0, 0.0)


def test_one_seed_on_one_side_uses_the_other_sides_seeds(rng: np.random.Generator) -> None:
    first = rng.normal(0, 0.1, (1, 20))
    second = rng.normal(0, 0.1, (3, 20)) + np.array([[0.0], [1.0], [2.0]])
    found = uncertainty(first, second, paired_seeds=False)
    assert found.seed_share > 0.9
    assert np.isclose(found.seeds_freedom, 2.0)
