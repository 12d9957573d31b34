import numpy as np
import pytest
from scipy import optimize, stats

from isogloss.statistics.paired_binary import PairedBinary

CHANGED = [(0, 0), (0, 5), (1, 9), (12, 12), (30, 55), (700, 640)]


@pytest.mark.parametrize(("broke", "mended"), CHANGED)
def test_p_is_that_of_the_exact_test(broke: int, mended: int) -> None:
    expected = stats.binomtest(broke, broke + mended).pvalue if broke + mended else 1.0
    assert PairedBinary(5000, broke, mended).p == pytest.approx(expected, rel=1e-12)


def test_the_score_is_that_of_the_restricted_likelihood() -> None:
    n, broke, mended, edge = 60, 9, 4, 0.03

    def unlikely(share: float) -> float:
        return -(
            broke * np.log(share + edge)
            + mended * np.log(share)
            + (n - broke - mended) * np.log(1 - 2 * share - edge)
        )

    found = optimize.minimize_scalar(unlikely, bounds=(1e-9, 0.48), method="bounded")
    variance = (2 * found.x + edge * (1 - edge)) / n
    z = ((broke - mended) / n - edge) / variance**0.5
    assert PairedBinary(n, broke, mended).p_below(edge) == pytest.approx(
        stats.norm.cdf(z), abs=1e-5
    )


@pytest.mark.parametrize(("broke", "mended"), CHANGED)
def test_the_interval_ends_where_the_one_sided_tests_reject(broke: int, mended: int) -> None:
    found = PairedBinary(5000, broke, mended)
    low, high = found.interval(0.05)
    assert low < (broke - mended) / 5000 < high
    assert found.p_below(high) == pytest.approx(0.025, abs=1e-6)
    assert found.p_above(low) == pytest.approx(0.025, abs=1e-6)


def test_few_examples_show_nothing_even_where_none_changed() -> None:
    assert PairedBinary(20, 0, 0).interval(0.05)[1] > 0.1
    assert PairedBinary(20, 0, 0).p_below(0.02) > 0.2
    assert PairedBinary(20_000, 0, 0).p_below(0.02) < 1e-6


def test_everything_broke() -> None:
    low, high = PairedBinary(10, 10, 0).interval(0.05)
    assert 0.4 < low < high <= 1.0


def test_power_is_what_a_simulation_finds() -> None:
    rng = np.random.default_rng(1)
    n, changed, effect, level = 1000, 0.1, 0.03, 0.01
    promised = PairedBinary(n, 50, 50).power(effect, level)
    shares = [(changed + effect) / 2, (changed - effect) / 2, 1 - changed]
    draws = rng.multinomial(n, shares, size=2000)
    found = np.mean([PairedBinary(n, int(b), int(c)).p <= level for b, c, _ in draws])
    assert promised == pytest.approx(found, abs=0.04)
    assert PairedBinary(n, 50, 50).power(0.0, 0.05) <= 0.05
    assert PairedBinary(n, 50, 50).power(effect, level, n=4000) > promised
