import numpy as np
import pytest

from isogloss.core import InputError
from isogloss.statistics import mantel, mean_over_languages


def distances(n: int, seed: int) -> np.ndarray:
    points = np.random.default_rng(seed).normal(size=(n, 2))
    return np.linalg.norm(points[:, None] - points[None], axis=-1)


def test_a_factor_that_makes_the_effect_is_found() -> None:
    factor = distances(9, 1)
    noise = np.random.default_rng(2).normal(size=factor.shape)
    found = mantel(-factor + 0.3 * noise, factor, same_languages=True, n_permutations=499)
    assert found.estimate < -0.7
    assert found.ci_high < 0.0
    assert found.p == 1 / 500
    assert (found.n_languages, found.n_cells) == (9, 72)


def test_an_unrelated_factor_is_found_as_often_as_the_level_says() -> None:
    p_values = [
        mantel(
            distances(7, seed),
            distances(7, seed + 100),
            same_languages=True,
            n_permutations=99,
            n_resamples=5,
        ).p
        for seed in range(40)
    ]
    assert sum(p <= 0.05 for p in p_values) <= 6
    assert np.mean(p_values) == pytest.approx(0.5, abs=0.15)


def test_what_a_control_explains_is_taken_out() -> None:
    control = distances(10, 3)
    generator = np.random.default_rng(4)
    effect, factor = (control + 0.3 * generator.normal(size=control.shape) for _ in range(2))
    plain = mantel(effect, factor, same_languages=True, n_permutations=199, n_resamples=50)
    partial = mantel(
        effect,
        factor,
        same_languages=True,
        controls=[control],
        n_permutations=199,
        n_resamples=50,
    )
    assert plain.p < 0.01
    assert abs(partial.estimate) < abs(plain.estimate) / 2


def test_other_languages_on_the_two_sides_and_missing_cells() -> None:
    factor = np.random.default_rng(6).normal(size=(5, 8))
    effect = factor.copy()
    effect[0, 0] = np.nan
    found = mantel(effect, factor, same_languages=False, n_permutations=99, n_resamples=20)
    assert found.estimate == pytest.approx(1.0, abs=0.001)
    assert (found.p, found.n_languages, found.n_cells) == (0.01, 5, 39)


def test_a_factor_that_does_not_vary_says_nothing() -> None:
    found = mantel(distances(5, 1), np.ones((5, 5)), same_languages=True)
    assert np.isnan(found.estimate)
    assert found.p == 1.0


def test_the_same_numbers_give_the_same_answer() -> None:
    sides = distances(6, 1), distances(6, 2)
    first, second = (
        mantel(*sides, same_languages=True, n_permutations=99, n_resamples=20) for _ in range(2)
    )
    assert first == second


def test_few_languages_and_other_shapes_are_refused() -> None:
    with pytest.raises(InputError, match="at least 4 languages"):
        mantel(np.ones((3, 5)), np.ones((3, 5)), same_languages=False)
    with pytest.raises(InputError, match="one shape"):
        mantel(np.ones((4, 5)), np.ones((5, 4)), same_languages=False)


def test_the_mean_of_a_matrix_and_its_interval_over_languages() -> None:
    cells = np.random.default_rng(8).normal(0.1, 0.01, size=(6, 6))
    cells[np.eye(6, dtype=bool)] = 50.0
    mean, low, high = mean_over_languages(cells, same_languages=True)
    assert mean == pytest.approx(0.1, abs=0.01)
    assert 0.08 < low < mean < high < 0.12
    alone = mean_over_languages([[0.1, 0.3]], same_languages=False)
    assert alone[0] == pytest.approx(0.2)
    assert np.isnan(alone[1:]).all()
    assert np.isnan(mean_over_languages([[np.nan]], same_languages=False)[0])
