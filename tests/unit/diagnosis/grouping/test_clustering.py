import math
from itertools import permutations

import numpy as np
import pytest

from isogloss.diagnosis.grouping.clustering import (
    adjusted_rand,
    contrast,
    group,
    random_groups,
    silhouette,
)

PLANTED = (0, 0, 1, 1, 2, 2, 2)


def affinity(groups: tuple[int, ...], noise: float = 0.05) -> np.ndarray:
    labels = np.array(groups)
    drawn = np.random.default_rng(2).normal(0, noise, (len(groups),) * 2)
    return (labels[:, None] == labels) * 0.5 + drawn


def test_planted_groups_are_recovered_and_numbered_as_they_come() -> None:
    found = group(affinity(PLANTED))
    assert found.groups == PLANTED
    assert found.n_groups == 3
    assert found.silhouette > 0.7
    assert found.contrast == pytest.approx(0.5, abs=0.1)
    assert found.p_random < 0.01
    assert adjusted_rand(found.groups, PLANTED) == 1


def test_of_nothing_no_group_is_clear() -> None:
    found = group(affinity(tuple(range(7))), 3)
    assert found.p_random > 0.001
    assert found.silhouette < 0.4


def test_number_of_groups_and_what_cannot_be() -> None:
    assert group(affinity(PLANTED), 2).n_groups == 2
    with pytest.raises(ValueError, match="three languages"):
        group(np.ones((2, 2)))
    with pytest.raises(ValueError, match="affinity of each pair"):
        group(np.full((3, 3), math.nan))
    with pytest.raises(ValueError, match="expected 2 to 6 groups"):
        group(affinity(PLANTED), 7)


def test_the_diagonal_is_not_read_and_directions_are_averaged() -> None:
    one = affinity(PLANTED)
    other = one + np.triu(np.full(one.shape, 0.1), 1) - np.tril(np.full(one.shape, 0.1), -1)
    np.fill_diagonal(other, np.nan)
    assert group(other) == group(one)


def test_silhouette_by_hand() -> None:
    distance = np.array([[0, 1, 4], [1, 0, 2], [4, 2, 0]], dtype=float)
    assert silhouette(distance, (0, 0, 1)) == pytest.approx((3 / 4 + 1 / 2 + 0) / 3)
    assert math.isnan(silhouette(distance, (0, 0, 0)))
    assert contrast(distance, (0, 0, 1)) == pytest.approx(1 - 3)
    assert math.isnan(contrast(distance, (0, 1, 2)))


def test_adjusted_rand_by_hand() -> None:
    # Hubert and Arabie's index for three against two groups of six.
    assert adjusted_rand((0, 0, 0, 1, 1, 1), (0, 0, 1, 1, 2, 2)) == pytest.approx(8 / 33)
    assert adjusted_rand((0, 0, 1, 1), (0, 1, 0, 1)) == pytest.approx(-0.5)
    assert adjusted_rand((0, 1, 2), (5, 6, 7)) == 1


def test_adjusted_rand_is_0_on_average_over_chance() -> None:
    labels = (0, 0, 0, 1, 1, 2)
    found = [adjusted_rand(labels, one) for one in set(permutations(labels))]
    assert np.mean(found) == pytest.approx(0, abs=1e-9)


def test_random_groups_have_the_sizes_and_are_others() -> None:
    found = [random_groups(PLANTED, seed) for seed in range(20)]
    assert PLANTED not in found
    assert {tuple(sorted(map(one.count, set(one)))) for one in found} == {(2, 2, 3)}
    assert found[3] == random_groups(PLANTED, 3)
    assert random_groups((0, 0), 0) == (0, 0), "there are no others"
