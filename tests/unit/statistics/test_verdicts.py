import math

import numpy as np
import pytest

from isogloss.core import METRICS, VERDICTS
from isogloss.statistics import (
    GAIN_WORDS,
    INTERFERENCE_WORDS,
    ONE_SEED_NOTE,
    PLATEAU_NOTE,
    Difference,
    examples_needed,
    judge,
    seeds_needed,
)
from isogloss.statistics.variance import SeedPart, Uncertainty

ACCURACY, BITS = METRICS["accuracy"], METRICS["bits_per_byte"]


def found(
    estimate: float = 0.03,
    error: float = 0.004,
    *,
    n_seeds: int = 5,
    share: float = 0.5,
    reference: float = 0.8,
) -> Difference:
    """A comparison of two sides with a standard error, of which a share is of trainings."""
    seeds = tuple(
        SeedPart(n_seeds, share * error**2 / 2, 0.0, n_seeds - 1.0)
        for _ in range(2 * (n_seeds > 1))
    )
    spread = Uncertainty((1 - share) * error**2, 500, seeds, paired_seeds=False)
    return Difference(
        estimate=estimate,
        uncertainty=spread,
        n_seeds=n_seeds,
        n_examples=500,
        reference=reference,
        treated=reference - estimate,
        alpha=0.05,
    )


@pytest.mark.parametrize(
    ("row", "verdict"),
    [
        (found(), "HURT"),
        (found(-0.03), "HELPED"),
        (found(0.001), "INCONCLUSIVE"),
        (found(0.001, 0.008), "UNDERPOWERED"),
        (found(0.1, 0.008), "HURT"),
    ],
)
def test_one_language(row: Difference, verdict: str) -> None:
    [judged] = judge([row], ACCURACY)
    assert judged.verdict == verdict
    assert judged.verdict in VERDICTS


def test_gains_have_their_own_words() -> None:
    judged = judge([found(), found(-0.03)], ACCURACY, words=GAIN_WORDS)
    assert [row.verdict for row in judged] == ["BETTER", "WORSE"]
    assert set(INTERFERENCE_WORDS) <= set(VERDICTS)


def test_holm_runs_over_the_table() -> None:
    table = [found(0.0096), found(0.03), found(0.001)]
    judged = judge(table, ACCURACY)
    p = [one.p for one in table]
    assert p[0] < 0.05 < 2 * p[0]
    assert np.allclose([row.p_holm for row in judged], [2 * p[0], 3 * p[1], p[2]])
    assert [row.verdict for row in judged] == ["INCONCLUSIVE", "HURT", "INCONCLUSIVE"]
    assert np.allclose([row.level for row in judged], [0.05 / 2, 0.05 / 2, 0.05 / 2], atol=0.01)


def test_the_minimum_detectable_effect_is_that_of_the_level_of_the_table() -> None:
    """A study of two languages that has the power is underpowered with ten."""
    quiet = found(0.001, 0.0052)
    verdicts = {n: judge([quiet] * n, ACCURACY)[0] for n in (1, 2, 10)}
    assert [one.level for one in verdicts.values()] == [0.05, 0.025, 0.005]
    mdes = [one.mde for one in verdicts.values()]
    assert mdes == sorted(mdes)
    assert [one.verdict for one in verdicts.values()] == [
        *("INCONCLUSIVE", "INCONCLUSIVE", "UNDERPOWERED")
    ]
    for one in verdicts.values():
        assert np.isclose(quiet.power_at(one.mde, one.level), 0.8, atol=1e-4)
        assert (one.power >= 0.8) == (one.verdict == "INCONCLUSIVE")


def test_underpowered_comes_with_a_number_of_seeds() -> None:
    row = found(0.001, 0.01, share=0.9)
    [judged] = judge([row], ACCURACY)
    assert judged.verdict == "UNDERPOWERED"
    assert judged.seeds_needed == seeds_needed(row, 0.02, alpha=0.05) > row.n_seeds
    assert judged.note == ""
    assert all(math.isnan(judge([found(e)], ACCURACY)[0].seeds_needed) for e in (0.03, 0.001))


def test_where_no_number_of_seeds_is_enough_more_examples_are_asked_for() -> None:
    row = found(0.001, 0.02, share=0.1)
    [judged] = judge([row], ACCURACY)
    assert judged.verdict == "UNDERPOWERED"
    assert math.isinf(judged.seeds_needed)
    assert f"at least {examples_needed(row, 0.02):,.0f} are needed" in judged.note


def test_the_smallest_effect_is_the_metrics_own_unless_given() -> None:
    quiet = found(0.001, 0.008, reference=2.0)
    assert judge([quiet], ACCURACY)[0].smallest_effect == 0.02
    assert np.isclose(judge([quiet], BITS)[0].smallest_effect, 0.04)  # 2 % of 2 bits
    assert judge([quiet], BITS)[0].verdict == "INCONCLUSIVE"
    assert judge([quiet], BITS, smallest_effect=0.01)[0].verdict == "UNDERPOWERED"


@pytest.mark.parametrize("estimate", [0.3, -0.3, 0.0])
def test_one_seed_never_gets_a_verdict(estimate: float) -> None:
    row = found(estimate, n_seeds=1, share=0.0)
    [judged] = judge([row], ACCURACY)
    assert (judged.verdict, judged.note) == ("UNDECIDED", ONE_SEED_NOTE)
    assert all(map(math.isnan, (judged.mde, judged.power, judged.seeds_needed)))
    assert judged.p_no_effect == 1.0
    assert judge([found()], ACCURACY)[0].note == ""


@pytest.mark.parametrize("estimate", [0.3, -0.3, 0.0])
def test_a_side_on_the_plateau_never_gets_a_verdict(estimate: float) -> None:
    stuck, free = judge([found(estimate), found()], ACCURACY, on_plateau=[True, False])
    assert (stuck.verdict, stuck.note, stuck.plateau) == ("UNDECIDED", PLATEAU_NOTE, True)
    assert (free.verdict, free.plateau) == ("HURT", False)


def test_an_empty_table() -> None:
    assert judge([], ACCURACY) == []
