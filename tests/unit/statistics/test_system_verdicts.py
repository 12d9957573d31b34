import math

import numpy as np
import pytest

from isogloss.core import METRICS, InputError
from isogloss.statistics import SystemDifference, judge_systems, system_difference

ACCURACY = METRICS["accuracy"]


def changed(n: int, broke: int, mended: int) -> SystemDifference:
    base = np.zeros((n, 2))
    base[:, 1] = 1.0
    new = base.copy()
    base[:broke, 0] = 1.0
    new[broke : broke + mended, 0] = 1.0
    return system_difference(base, new, ACCURACY)


def test_each_verdict() -> None:
    rows = [
        changed(1000, 90, 10),
        changed(1000, 10, 90),
        changed(9000, 400, 405),
        changed(100, 12, 9),
    ]
    judged = judge_systems(rows)
    assert [one.verdict for one in judged] == ["HURT", "HELPED", "NO DIFFERENCE", "UNDECIDED"]
    assert [math.isnan(one.examples_needed) for one in judged] == [True, True, True, False]
    assert judged[3].examples_needed > 1000
    assert judged[3].mde > 0.02 > judged[2].mde
    assert judged[3].power < 0.3 < judged[2].power


def test_a_significant_difference_below_what_is_of_interest_is_none_of_interest() -> None:
    row = changed(200_000, 10_500, 10_000)
    assert row.p < 0.001
    assert judge_systems([row])[0].verdict == "NO DIFFERENCE"
    assert judge_systems([row], smallest_effect=0.001)[0].verdict == "HURT"


def test_corrections_are_over_all_rows() -> None:
    rows = [changed(1000, 58, 34), *(changed(1000, 50, 50) for _ in range(9))]
    assert rows[0].p < 0.05
    for correction in ("holm", "bh", "by"):
        assert judge_systems(rows, correction=correction)[0].verdict == "UNDECIDED"
    some = [changed(1000, 66, 34)] * 4 + [changed(1000, 50, 50)] * 6
    verdicts = {
        correction: [one.verdict for one in judge_systems(some, correction=correction)].count(
            "HURT"
        )
        for correction in ("holm", "bh")
    }
    assert verdicts["bh"] == 4 >= verdicts["holm"]


def test_an_unknown_correction_is_refused() -> None:
    with pytest.raises(InputError, match="bh, by, holm"):
        judge_systems([], correction="bonferroni")


def test_one_language_of_thirty_is_found_under_a_rising_mean() -> None:
    """A small version of benchmarks/comparison_levels.py."""
    rng = np.random.default_rng(0)
    found, false = 0, 0
    for _ in range(20):
        rows = []
        for language in range(30):
            gain = -0.02 if language == 7 else 0.01
            shares = [(0.06 - gain) / 2, (0.06 + gain) / 2, 0.94]
            broke, mended, _ = rng.multinomial(10_000, shares)
            rows.append(changed(10_000, int(broke), int(mended)))
        judged = judge_systems(rows, smallest_effect=0.005)
        assert np.mean([one.estimate for one in rows]) < 0
        found += judged[7].verdict == "HURT"
        false += sum(one.verdict == "HURT" for one in judged) - (judged[7].verdict == "HURT")
    assert found >= 19
    assert false == 0
