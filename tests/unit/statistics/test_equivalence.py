from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from isogloss.statistics import no_effect_of_interest
from isogloss.statistics.variance import Uncertainty
from unit.statistics.draws import draw


@pytest.mark.parametrize("sign", [-1, 1])
@pytest.mark.parametrize("n_seeds", [3, 5])
def test_a_difference_that_just_matters_is_called_none_in_at_most_5_of_100(
    sign: int, n_seeds: int
) -> None:
    rng = np.random.default_rng(n_seeds)
    smallest = 2.0
    rejected = [
        no_effect_of_interest(draw(rng, n_seeds=n_seeds, effect=sign * smallest), smallest) < 0.05
        for _ in range(1000)
    ]
    assert 0.015 <= np.mean(rejected) <= 0.065


def test_is_the_interval_of_90_percent_inside(rng: np.random.Generator) -> None:
    for _ in range(20):
        found = draw(rng)
        ninety = found.at(0.10)
        widest = max(abs(ninety.ci_low), abs(ninety.ci_high))
        assert no_effect_of_interest(found, widest) == pytest.approx(0.05, abs=1e-6)


def test_by_hand(rng: np.random.Generator) -> None:
    """Without a part of the trainings it is a t test of the examples."""
    spread = Uncertainty(0.04, 30, (), paired_seeds=False)
    found = replace(draw(rng, n_seeds=5), uncertainty=spread, estimate=-0.5)
    assert no_effect_of_interest(found, 0.9) == pytest.approx(stats.t.sf(2.0, 29))


def test_one_seed_is_no_evidence(rng: np.random.Generator) -> None:
    assert no_effect_of_interest(draw(rng, n_seeds=1), 10.0) == 1.0
