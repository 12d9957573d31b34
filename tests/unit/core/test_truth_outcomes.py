from itertools import product

import pytest

from isogloss.core import TRUTH_OUTCOMES, truth_outcome

RIGHT = {
    ("hurt", "HURT"): "found",
    ("hurt", "HELPED"): "opposite",
    ("help", "HELPED"): "found",
    ("help", "HURT"): "opposite",
    ("none", "HURT"): "false_alarm",
    ("none", "HELPED"): "false_alarm",
}
OPEN = {"hurt": "open", "help": "open", "none": "no_false_alarm"}
VERDICTS = ("HURT", "HELPED", "INCONCLUSIVE", "UNDERPOWERED", "")


@pytest.mark.parametrize(("planted", "verdict"), list(product(OPEN, VERDICTS)))
def test_every_pair(planted: str, verdict: str) -> None:
    outcome = truth_outcome(planted, verdict)
    assert outcome in TRUTH_OUTCOMES
    assert outcome == RIGHT.get((planted, verdict), OPEN[planted])


@pytest.mark.parametrize("verdict", VERDICTS)
def test_where_nobody_knows_nothing_is_right_or_wrong(verdict: str) -> None:
    assert truth_outcome("unknown", verdict) == "not_planted"
