from dataclasses import replace

import numpy as np
import pytest

from isogloss.statistics import minimum_detectable_effect
from isogloss.statistics.power import prospect
from isogloss.statistics.variance import SeedPart, Uncertainty, uncertainty
from unit.statistics.draws import draw


@pytest.mark.parametrize("n_seeds", [3, 5])
@pytest.mark.parametrize("alpha", [0.05, 0.005])
def test_the_next_study_finds_what_this_one_says_it_can(n_seeds: int, alpha: float) -> None:
    """In 500 pairs of studies; the whole grid: benchmarks/results/power.json."""
    rng = np.random.default_rng(n_seeds)
    hits = []
    for _ in range(500):
        printed = draw(rng, n_seeds=n_seeds).mde_at(alpha)
        following = draw(rng, n_seeds=n_seeds, effect=printed)
        hits.append(following.p < alpha)
    assert (0.75 if alpha == 0.05 else 0.69) < np.mean(hits) < 0.88


def test_examples_alone_are_a_plain_t_test(rng: np.random.Generator) -> None:
    spread = uncertainty(*rng.normal(0, 1, (2, 1, 200)), paired_seeds=False)
    expected = minimum_detectable_effect(spread.variance**0.5, 199, known=np.inf)
    assert prospect(spread).mde(0.05) == pytest.approx(expected, rel=1e-3)


def test_the_effect_has_the_power_it_states(rng: np.random.Generator) -> None:
    found = prospect(draw(rng).uncertainty)
    for alpha in (0.05, 0.01):
        assert found.power(found.mde(alpha), alpha) == pytest.approx(0.8, abs=1e-3)
        assert found.power(found.mde(alpha, 0.9), alpha) == pytest.approx(0.9, abs=1e-3)


def test_more_seeds_shrink_the_part_of_the_trainings_and_no_more() -> None:
    spread = Uncertainty(0.5, 1000, (SeedPart(3, 4.0, 0.25, 2.0),) * 2, paired_seeds=False)
    mdes = [prospect(spread, n).mde(0.05) for n in (3, 6, 12, 100, 10**6)]
    assert mdes == sorted(mdes, reverse=True)
    assert spread.floor == 0.0
    floor = replace(spread, examples=1.5)
    assert floor.floor == 1.0
    assert prospect(floor, 10**7).mde(0.05) == pytest.approx(2.8, rel=0.02)


def test_nothing_varies() -> None:
    nothing = prospect(uncertainty(np.ones((3, 5)), np.zeros((3, 5)), paired_seeds=False))
    assert (nothing.power(0.01, 0.05), nothing.mde(0.05)) == (1.0, 0.0)
