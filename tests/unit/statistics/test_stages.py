import numpy as np
import pytest

from isogloss.core import METRICS
from isogloss.statistics import GAIN_WORDS, Comparison, SequentialDesign, judge, judge_stages
from unit.statistics.draws import draw

ACCURACY = METRICS["accuracy"]
DESIGN = SequentialDesign.between(3, 9)


def comparison(effect: float, seed: int = 0, **spread: float) -> Comparison:
    """A comparison whose three analyses are drawn on their own."""
    rng = np.random.default_rng(seed)
    settings = {"seeds": 0.02, "examples": 0.02, "effect": effect, **spread}
    return Comparison(tuple(draw(rng, n_seeds=n, **settings) for n in DESIGN.seeds))


def judged(*table: Comparison) -> list:
    return judge_stages(table, ACCURACY, DESIGN, words=GAIN_WORDS)


def test_a_large_effect_is_decided_at_once_and_keeps_its_seeds() -> None:
    [one] = judged(comparison(1.0))
    assert (one.verdict, one.analysis, one.open) == ("BETTER", 0, False)
    assert one.difference.n_seeds == 3
    assert one.difference.ci_low > 0


def test_what_is_open_waits_for_seeds_that_are_not_there() -> None:
    whole = comparison(0.0, seeds=0.3)
    [first] = judged(Comparison((whole.stages[0], None, None)))
    assert (first.verdict, first.analysis, first.open) == ("UNDERPOWERED", 0, True)
    [second] = judged(Comparison((*whole.stages[:2], None)))
    assert (second.analysis, second.open, second.difference.n_seeds) == (1, True, 6)
    [third] = judged(whole)
    assert (third.analysis, third.open, third.difference.n_seeds) == (2, False, 9)


def test_where_more_seeds_decide_nothing_the_first_analysis_is_the_last() -> None:
    """Test examples make the variance: all of the level is spent at once."""
    one = comparison(0.0, seeds=0.0, examples=2.0)
    [found] = judged(one)
    assert (found.analysis, found.open, found.difference.n_seeds) == (0, False, 3)
    [plain] = judge([one.stages[0]], ACCURACY, words=GAIN_WORDS)
    assert found.p_holm == plain.p_holm


def test_the_interval_leaves_zero_out_exactly_when_p_is_below_the_level() -> None:
    for effect in (0.0, 0.1, 0.2, 0.3, 0.4):
        for seed in range(4):
            [one] = judged(comparison(effect, seed, seeds=0.1))
            outside = one.difference.ci_low > 0 or one.difference.ci_high < 0
            assert outside == (one.p_holm < 0.05)


def test_a_side_on_the_plateau_is_closed() -> None:
    stuck = Comparison(comparison(1.0).stages, plateau=True)
    [one] = judged(stuck)
    assert (one.verdict, one.open, one.analysis) == ("UNDECIDED", False, 0)


def test_holm_gives_the_rest_more_level_when_one_is_decided() -> None:
    quiet = comparison(0.0, seeds=0.3)
    alone, beside = judged(quiet)[0], judged(comparison(1.0), quiet)[1]
    assert beside.level == pytest.approx(alone.level)


@pytest.mark.parametrize("seeds", [0.02, 0.3])
def test_nothing_there_is_called_something_in_about_5_of_100(seeds: float) -> None:
    """100 tables of two languages; 1,000 in benchmarks/results/sequential.json."""
    rng = np.random.default_rng(0)
    false_alarms = 0
    for _ in range(100):
        table = [
            comparison(0.0, int(rng.integers(2**31)), seeds=seeds, examples=0.1) for _ in range(2)
        ]
        false_alarms += any(one.verdict in GAIN_WORDS for one in judged(*table))
    assert false_alarms <= 12
