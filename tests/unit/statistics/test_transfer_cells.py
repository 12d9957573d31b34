import numpy as np
import pytest

from isogloss.core import METRICS
from isogloss.statistics import (
    GIVER_WORDS,
    TAKER_WORDS,
    Difference,
    category,
    difference,
    judge_cells,
)
from isogloss.statistics.transfer_cells import beyond_margin, shares

ACCURACY = METRICS["accuracy"]


def gain(change: float, *, runs: int = 3, spread: float = 0.002, seed: int = 0) -> Difference:
    """Return a change of accuracy on 400 examples, measured by some trainings."""
    generator = np.random.default_rng(seed)
    right = generator.random(400) < 0.6
    flips = generator.permutation(400)
    treated = []
    for run in range(runs):
        moved = change + spread * (run - (runs - 1) / 2)
        now = right.copy()
        wrong = [one for one in flips if right[one] != (moved > 0)]
        now[wrong[: round(abs(moved) * 400)]] = moved > 0
        treated.append(now)
    counts = [np.stack([one, np.ones(400)], axis=-1) for one in (right, *treated)]
    return difference([counts[0]] * runs, counts[1:], ACCURACY, paired_seeds=True).as_gain()


def test_the_words_of_cells() -> None:
    judged = judge_cells([gain(0.1), gain(-0.1), gain(0.0, spread=0.0)], margin=0.01)
    assert [one.verdict for one in judged] == ["beneficial", "harmful", "neutral"]
    assert judged[0].gain.estimate == pytest.approx(0.1)
    assert not any(one.open for one in judged)


def test_a_change_that_its_interval_does_not_settle_is_undecided_and_open() -> None:
    wide = gain(0.01, spread=0.05)
    [once] = judge_cells([wide], margin=0.005, most_runs=10)
    assert (once.verdict, once.open) == ("undecided", True)
    assert not judge_cells([wide], margin=0.005, most_runs=3)[0].open


def test_one_training_decides_nothing() -> None:
    [one] = judge_cells([gain(0.2, runs=1)], margin=0.005, most_runs=3)
    assert (one.verdict, one.open, one.p) == ("undecided", True, 1.0)


def test_p_is_that_of_an_interval_beyond_the_margin() -> None:
    found = gain(0.06, spread=0.01)
    at = found.ci_low
    assert beyond_margin(found, at) == pytest.approx(0.05, abs=1e-6)
    assert beyond_margin(found, found.estimate) == 1.0


def test_more_cells_and_more_looks_ask_for_more() -> None:
    found = [gain(0.05, spread=0.01)]
    alone = judge_cells(found, margin=0.005)[0]
    among = judge_cells([*found, *[gain(0.0, seed=one) for one in range(1, 20)]], margin=0.005)[0]
    assert among.p == alone.p
    assert among.p_adjusted > alone.p_adjusted
    words = [judge_cells(found, margin=0.005, looks=looks)[0].verdict for looks in (1, 1000)]
    assert words == ["beneficial", "undecided"]


def test_of_true_nothings_hardly_any_is_called_something() -> None:
    generator = np.random.default_rng(5)
    called = 0
    for _ in range(40):
        sides = generator.random((2, 3, 60)) < 0.7
        counts = np.stack([sides, np.ones_like(sides)], axis=-1).astype(float)
        one = difference(counts[0], counts[1], ACCURACY).as_gain()
        called += judge_cells([one], margin=0.005)[0].verdict in ("beneficial", "harmful")
    assert called <= 4


@pytest.mark.parametrize(
    ("words", "given", "taken"),
    [
        ({"beneficial": 6, "undecided": 4}, "donor", "receiver"),
        ({"beneficial": 6, "harmful": 2, "neutral": 2}, "selective", "selective"),
        ({"harmful": 6, "beneficial": 4}, "hazard", "fragile"),
        ({"neutral": 8, "beneficial": 2}, "inert", "stable"),
        ({"undecided": 9, "beneficial": 1}, "undecided", "undecided"),
        ({}, "undecided", "undecided"),
    ],
)
def test_categories(words: dict[str, int], given: str, taken: str) -> None:
    verdicts = [word for word, n in words.items() for _ in range(n)]
    assert category(verdicts, GIVER_WORDS) == given
    assert category(verdicts, TAKER_WORDS) == taken


def test_shares_add_up() -> None:
    assert sum(shares(["neutral", "harmful"]).values()) == 1.0
    assert sum(shares([]).values()) == 0.0
