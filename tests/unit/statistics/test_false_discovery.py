import numpy as np
import pytest
from scipy import stats

from isogloss.statistics import CORRECTIONS, benjamini_hochberg, benjamini_yekutieli

P = [0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205, 0.212, 0.216]


@pytest.mark.parametrize(
    ("ours", "theirs"), [(benjamini_hochberg, "bh"), (benjamini_yekutieli, "by")]
)
def test_adjusted_p_values_are_those_of_scipy(ours: object, theirs: str) -> None:
    assert ours(P) == pytest.approx(stats.false_discovery_control(P, method=theirs), rel=1e-12)  # type: ignore[operator]
    assert ours([]) == []  # type: ignore[operator]


@pytest.mark.parametrize("name", CORRECTIONS)
def test_a_test_is_rejected_exactly_below_its_level(name: str) -> None:
    rng = np.random.default_rng(0)
    for _ in range(50):
        p_values = [float(p) for p in rng.random(8) ** 4]
        adjusted = CORRECTIONS[name].adjust(p_values)
        levels = CORRECTIONS[name].levels(p_values, 0.05)
        assert [a <= 0.05 for a in adjusted] == [
            p <= level for p, level in zip(p_values, levels, strict=True)
        ]
