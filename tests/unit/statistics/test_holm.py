import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from isogloss.statistics import holm, holm_levels

P_VALUES = st.lists(st.floats(0, 1), max_size=12)


def test_by_hand() -> None:
    # Sorted: .005 x 5, .011 x 4, .02 x 3, .04 x 2 = .08, .13 x 1, each at least the one before.
    table = [0.02, 0.005, 0.04, 0.13, 0.011]
    assert np.allclose(holm(table), [0.06, 0.025, 0.08, 0.13, 0.044], atol=1e-12)


def test_never_falls_and_never_exceeds_one() -> None:
    assert np.allclose(holm([0.03, 0.031, 0.9]), [0.09, 0.09, 0.9])
    assert holm([0.5, 0.6, 0.7]) == [1.0, 1.0, 1.0]


def test_edges() -> None:
    assert holm([]) == []
    assert holm([0.03]) == [0.03]


@given(P_VALUES)
def test_lies_between_raw_and_bonferroni(p_values: list[float]) -> None:
    for raw, adjusted in zip(p_values, holm(p_values), strict=True):
        assert raw <= adjusted <= min(1.0, raw * len(p_values)) + 1e-12


@given(P_VALUES)
def test_order_of_the_tests_does_not_matter(p_values: list[float]) -> None:
    assert holm(p_values[::-1]) == holm(p_values)[::-1]


@pytest.mark.parametrize("wrong", [-0.1, 1.1, float("nan")])
def test_refuses_what_is_no_probability(wrong: float) -> None:
    with pytest.raises(ValueError, match="should lie in"):
        holm([0.5, wrong])


def test_levels_are_where_holm_turns() -> None:
    """Just below its level a test is rejected, just above it is not, whatever the others."""
    rng = np.random.default_rng(0)
    for _ in range(50):
        p_values = list(rng.random(5) ** 3)
        for index, level in enumerate(holm_levels(p_values, 0.05)):
            for factor, rejected in ((0.999, True), (1.001, False)):
                moved = [*p_values[:index], level * factor, *p_values[index + 1 :]]
                assert (holm(moved)[index] <= 0.05) == rejected
