from dataclasses import replace

import numpy as np
import pytest

from isogloss.core import METRICS, VERDICTS
from isogloss.statistics import (
    GAIN_WORDS,
    INTERFERENCE_WORDS,
    ONE_SEED_NOTE,
    Difference,
    judge,
)

ACCURACY, BITS = METRICS["accuracy"], METRICS["bits_per_byte"]
PLAIN = Difference(
    estimate=0.03,
    ci_low=0.01,
    ci_high=0.05,
    p=0.01,
    mde=0.015,
    n_seeds=3,
    n_examples=500,
    reference=0.8,
    treated=0.77,
    standard_error=0.01,
    degrees_of_freedom=30.0,
    seed_share=0.2,
    alpha=0.05,
)


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({}, "HURT"),
        ({"estimate": -0.03}, "HELPED"),
        ({"p": 0.2}, "INCONCLUSIVE"),
        ({"p": 0.2, "mde": 0.021}, "UNDERPOWERED"),
        ({"p": 0.01, "mde": 0.3}, "HURT"),
    ],
)
def test_one_language(changes: dict[str, float], verdict: str) -> None:
    [judged] = judge([replace(PLAIN, **changes)], ACCURACY)
    assert judged.verdict == verdict
    assert judged.verdict in VERDICTS


def test_gains_have_their_own_words() -> None:
    judged = judge([PLAIN, replace(PLAIN, estimate=-0.03)], ACCURACY, words=GAIN_WORDS)
    assert [row.verdict for row in judged] == ["BETTER", "WORSE"]
    assert set(INTERFERENCE_WORDS) <= set(VERDICTS)


def test_holm_runs_over_the_table() -> None:
    table = [replace(PLAIN, p=p) for p in (0.03, 0.001, 0.6)]
    judged = judge(table, ACCURACY)
    assert np.allclose([row.p_holm for row in judged], [0.06, 0.003, 0.6])
    assert [row.verdict for row in judged] == ["INCONCLUSIVE", "HURT", "INCONCLUSIVE"]


def test_the_smallest_effect_is_the_metrics_own_unless_given() -> None:
    quiet = replace(PLAIN, p=0.4, mde=0.03, reference=2.0)
    assert judge([quiet], ACCURACY)[0].smallest_effect == 0.02
    assert np.isclose(judge([quiet], BITS)[0].smallest_effect, 0.04)  # 2 % of 2 bits
    assert judge([quiet], BITS)[0].verdict == "INCONCLUSIVE"
    assert judge([quiet], BITS, smallest_effect=0.01)[0].verdict == "UNDERPOWERED"


def test_one_seed_is_said_aloud() -> None:
    assert judge([replace(PLAIN, n_seeds=1)], ACCURACY)[0].note == ONE_SEED_NOTE
    assert judge([PLAIN], ACCURACY)[0].note == ""


def test_an_empty_table() -> None:
    assert judge([], ACCURACY) == []
