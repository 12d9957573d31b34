import numpy as np
import pytest
from scipy import stats

from isogloss.statistics import minimum_detectable_effect, power_of
from isogloss.statistics.student import critical_value, two_sided_p


def test_p_and_critical_value_undo_one_another() -> None:
    for freedom in (1.0, 2.5, 4.0, 300.0):
        for alpha in (0.2, 0.05, 0.001):
            assert np.isclose(two_sided_p(critical_value(freedom, alpha), freedom), alpha)


def test_known_quantiles() -> None:
    assert round(critical_value(2, 0.05), 3) == 4.303
    assert round(critical_value(4, 0.05), 3) == 2.776


def test_effect_of_a_normal_test_is_the_sum_of_two_quantiles() -> None:
    expected = stats.norm.ppf(0.975) + stats.norm.ppf(0.8)
    assert np.isclose(minimum_detectable_effect(1.0, 1e7), expected, atol=1e-5)


@pytest.mark.parametrize("freedom", [1.0, 2.0, 3.7, 10.0, 500.0])
@pytest.mark.parametrize("alpha", [0.05, 0.05 / 12])
def test_the_minimum_detectable_effect_has_the_power_it_states(
    freedom: float, alpha: float
) -> None:
    effect = minimum_detectable_effect(0.013, freedom, alpha=alpha)
    assert np.isclose(power_of(effect, 0.013, freedom, alpha), 0.8, atol=1e-5)


def test_power_by_simulation() -> None:
    generator = np.random.default_rng(0)
    sample = generator.normal(0.9, 1.0, (20_000, 6))
    found = stats.ttest_1samp(sample, 0.0, axis=1).pvalue < 0.05
    exact = power_of(0.9, 1 / 6**0.5, 5, 0.05, known=np.inf)
    assert np.isclose(exact, found.mean(), atol=0.01)


@pytest.mark.parametrize("freedom", [2.0, 4.0, 8.0])
@pytest.mark.parametrize("alpha", [0.05, 0.005])
def test_power_where_the_error_is_known_is_the_noncentral_t(freedom: float, alpha: float) -> None:
    bar = critical_value(freedom, alpha)
    expected = stats.nct.sf(bar, freedom, 4.0) + stats.nct.cdf(-bar, freedom, 4.0)
    assert np.isclose(power_of(4.0, 1.0, freedom, alpha, known=np.inf), expected, atol=1e-3)


@pytest.mark.parametrize("freedom", [2, 4, 8])
def test_the_power_at_the_printed_effect_holds_in_the_next_study(freedom: int) -> None:
    """A study prints an effect from its own estimate of the error; the next one looks for it."""
    rng = np.random.default_rng(0)
    errors = np.sqrt(rng.chisquare(freedom, (2, 20_000)) / freedom)
    printed = errors[0] * minimum_detectable_effect(1.0, freedom, alpha=0.01)
    t = (printed + rng.standard_normal(20_000)) / errors[1]
    assert np.isclose((np.abs(t) > critical_value(freedom, 0.01)).mean(), 0.8, atol=0.01)


def test_power_grows_from_the_level_to_one() -> None:
    powers = [power_of(effect, 1.0, 4.0, 0.05) for effect in (0.0, 1.0, 3.0, 10.0, 80.0)]
    assert np.isclose(powers[0], 0.05, atol=1e-3)
    assert powers == sorted(powers)
    assert np.isclose(powers[-1], 1.0)


def test_no_error_no_effect_needed() -> None:
    assert minimum_detectable_effect(0.0, 10) == 0.0


def test_effect_scales_with_the_error() -> None:
    assert np.isclose(minimum_detectable_effect(3.0, 4), 3 * minimum_detectable_effect(1.0, 4))
