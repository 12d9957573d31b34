import numpy as np
import pytest
from scipy import stats

from isogloss.statistics import SequentialDesign
from isogloss.statistics.sequential import spent


@pytest.mark.parametrize(
    ("first", "most", "seeds"),
    [(3, 9, (3, 6, 9)), (3, 10, (3, 5, 8, 10)), (2, 7, (2, 4, 5, 7)), (3, 4, (3, 4)), (4, 4, (4,))],
)
def test_analyses_come_in_like_steps(first: int, most: int, seeds: tuple[int, ...]) -> None:
    assert SequentialDesign.between(first, most).seeds == seeds


@pytest.mark.parametrize("alpha", [0.05, 0.01])
@pytest.mark.parametrize("last", [0, 1, 2])
def test_the_whole_level_is_spent_and_no_more(alpha: float, last: int) -> None:
    """Of a normal test whose analyses share their seeds, whichever analysis is the last."""
    design = SequentialDesign.between(3, 9)
    rng = np.random.default_rng(0)
    sums = np.cumsum(rng.standard_normal((200_000, 3)) * 3**0.5, axis=1)
    p = 2 * stats.norm.sf(np.abs(sums) / np.sqrt(design.seeds))
    levels = [design.nominal(alpha, one, last=one == last) for one in range(last + 1)]
    rejected = (p[:, : last + 1] < levels).any(axis=1).mean()
    assert rejected == pytest.approx(alpha, rel=0.05)


def test_pococks_level_of_two_analyses() -> None:
    """The first spends what the spending function says; the textbook has 0.0294 at both."""
    design = SequentialDesign((1, 2))
    assert design.nominal(0.05, 0) == pytest.approx(spent(0.5, 0.05), rel=1e-3)
    assert [round(design.nominal(0.05, one), 3) for one in (0, 1)] == [0.031, 0.028]


def test_adjusted_p_and_nominal_level_undo_one_another() -> None:
    design = SequentialDesign.between(3, 9)
    for analysis in range(3):
        for last in (False, True):
            for alpha in (0.3, 0.05, 0.001):
                level = design.nominal(alpha, analysis, last=last)
                assert design.adjusted(level, analysis, last=last) == pytest.approx(alpha, rel=1e-6)
    assert design.adjusted(1e-30, 1) < 1e-20
    assert design.adjusted(1.0, 1) == 1.0


def test_one_analysis_is_a_plain_test() -> None:
    design = SequentialDesign.between(5, 5)
    assert design.nominal(0.05, 0) == 0.05
    assert design.adjusted(0.033, 0) == 0.033
