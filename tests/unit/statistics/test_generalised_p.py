import numpy as np
import pytest
from scipy import stats

from isogloss.statistics.generalised_p import tails
from isogloss.statistics.variance import SeedPart, Uncertainty, uncertainty
from unit.statistics.draws import draw


@pytest.mark.parametrize("freedom", [2.0, 3.3, 8.0])
@pytest.mark.parametrize("level", [0.05, 0.005, 1e-5])
def test_where_only_seeds_vary_it_is_the_t_test_of_the_seeds(freedom: float, level: float) -> None:
    spread = Uncertainty(0.0, 10**6, (SeedPart(3, 1.0, 0.0, freedom),), paired_seeds=False)
    distance = stats.t.isf(level / 2, freedom)
    assert 2 * tails(spread).beyond(distance)[0] == pytest.approx(level, rel=0.002)
    assert tails(spread).critical(level)[0] == pytest.approx(distance, rel=0.001)


def test_with_one_seed_it_is_the_paired_t_test(rng: np.random.Generator) -> None:
    spread = uncertainty(*rng.normal(0, 1, (2, 1, 50)), paired_seeds=False)
    assert tails(spread).critical(0.05)[0] == pytest.approx(
        stats.t.isf(0.025, 49) * spread.variance**0.5, rel=1e-9
    )


@pytest.mark.parametrize("paired_seeds", [False, True])
def test_the_critical_distance_is_where_p_is_the_level(
    rng: np.random.Generator, paired_seeds: bool
) -> None:
    sides = rng.normal(0, 1, (2, 3, 80)) + rng.normal(0, 0.2, (2, 3, 1))
    found = tails(uncertainty(*sides, paired_seeds=paired_seeds))
    for level in (0.2, 0.05, 0.001):
        assert 2 * found.beyond(found.critical(level))[0] == pytest.approx(level, rel=1e-9)


def test_a_difference_of_rounding_has_no_p_above_one() -> None:
    for distance in (0.0, 1e-300, 1e-18, 1e-12):
        spread = Uncertainty(1.0, 300, (SeedPart(3, 0.5, 0.1, 3.7),) * 2, paired_seeds=False)
        assert 0.999 < 2 * tails(spread).beyond(distance)[0] <= 1.0


def test_seeds_that_came_out_alike_are_not_taken_to_be_alike() -> None:
    """The part of the trainings is nothing by chance: the interval is not that of the examples."""
    spread = Uncertainty(1.0, 10**6, (SeedPart(3, 0.5, 0.6, 2.0),) * 2, paired_seeds=False)
    assert spread.seed_share == 0.0
    assert tails(spread).critical(0.05)[0] > 1.15 * stats.norm.isf(0.025)
    assert tails(spread).critical(0.005)[0] > 1.25 * stats.norm.isf(0.0025)


@pytest.mark.parametrize("seeds", [0.05, 0.1, 0.2])
def test_level_of_a_table_at_three_seeds(seeds: float) -> None:
    """2,000 comparisons of nothing; the whole grid: benchmarks/results/power.json."""
    rng = np.random.default_rng(7)
    found = np.array([draw(rng, seeds=seeds).p for _ in range(2000)])
    for level in (0.05, 0.01, 0.005):
        slack = 2.5 * (level / len(found)) ** 0.5
        assert np.mean(found < level) < 1.2 * level + slack
