import math

import numpy as np
import pytest

from isogloss.statistics import examples_needed, seeds_needed
from unit.statistics.draws import draw


def test_so_many_seeds_find_the_effect() -> None:
    """A pilot of 5 seeds names a number; studies of that number find the effect 8 times in 10."""
    rng = np.random.default_rng(0)
    hits = []
    for _ in range(300):
        needed = seeds_needed(draw(rng, n_seeds=5, examples=0.2), 0.3)
        study = draw(rng, n_seeds=int(needed), examples=0.2, effect=0.3)
        hits.append(study.p < 0.05)
    assert 0.74 < np.mean(hits) < 0.88


def test_never_fewer_than_there_are(rng: np.random.Generator) -> None:
    assert seeds_needed(draw(rng, n_seeds=4), 50.0) == 4


def test_smaller_effects_and_stricter_levels_need_more(rng: np.random.Generator) -> None:
    found = draw(rng, examples=0.1)
    sizes = [seeds_needed(found, effect) for effect in (1.0, 0.5, 0.3)]
    assert sizes == sorted(sizes)
    assert seeds_needed(found, 0.5, alpha=0.005) > seeds_needed(found, 0.5)


def test_no_number_of_seeds_mends_a_small_test_set(rng: np.random.Generator) -> None:
    found = draw(rng, n_examples=50)
    assert math.isinf(seeds_needed(found, 0.1))
    needed = examples_needed(found, 0.1)
    # Both systems vary by 1 from example to example: n = 2 (2.8 / 0.1)^2.
    assert needed == pytest.approx(1568, rel=0.5)


def test_of_one_seed_nothing_is_known(rng: np.random.Generator) -> None:
    assert math.isnan(seeds_needed(draw(rng, n_seeds=1), 0.1))
