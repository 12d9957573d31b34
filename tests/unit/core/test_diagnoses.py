"""One diagnosis from two budget matches: the whole table of pairs, and what keeps one open."""

from itertools import product
from pathlib import Path

import pytest

from isogloss.core import TRUTH_OUTCOMES, VERDICTS, truth_outcome
from isogloss.core.diagnoses import (
    DIAGNOSES,
    REASONS,
    Diagnosis,
    Side,
    diagnose,
    diagnosis_table,
)

# same data, same compute -> over-fits, does not, unknown.
EXPECTED = {
    ("HURT", "HURT"): ("interference",) * 3,
    ("HURT", "INCONCLUSIVE"): ("interference",) * 3,
    ("HURT", "HELPED"): ("interference", "undecided", "undecided"),
    ("INCONCLUSIVE", "HURT"): ("cost_of_sharing",) * 3,
    ("INCONCLUSIVE", "INCONCLUSIVE"): ("no_interference",) * 3,
    ("INCONCLUSIVE", "HELPED"): ("no_interference", "transfer", "undecided"),
    ("HELPED", "HURT"): ("transfer_at_a_price",) * 3,
    ("HELPED", "INCONCLUSIVE"): ("transfer",) * 3,
    ("HELPED", "HELPED"): ("transfer",) * 3,
}
DOCS = Path(__file__).parents[3] / "docs" / "concepts.md"


def test_a_destroyed_side_is_told_first() -> None:
    found = diagnose(Side("HURT", 3, destroyed=True), Side("", plateau=True))
    assert found == Diagnosis("undecided", "destroyed")
    assert REASONS["destroyed"] == "training destroyed the checkpoint: lower the learning rate"


@pytest.mark.parametrize("pair", list(product((*VERDICTS, ""), repeat=2)))
@pytest.mark.parametrize(("place", "overfits"), [(0, True), (1, False), (2, None)])
def test_every_pair_of_verdicts_has_its_diagnosis(
    pair: tuple[str, str], place: int, overfits: bool | None
) -> None:
    found = diagnose(Side(pair[0], 3), Side(pair[1], 3, overfits=overfits))
    assert found.name == EXPECTED.get(pair, ("undecided",) * 3)[place]
    assert found.name in DIAGNOSES
    assert not found.reason or found.reason in REASONS
    assert found.reason or found.name != "undecided", "what is undecided says why"


@pytest.mark.parametrize("pair", list(EXPECTED))
@pytest.mark.parametrize("side", [0, 1])
@pytest.mark.parametrize(
    ("spoilt", "reason"),
    [
        ({"plateau": True}, "plateau"),
        ({"verdict": ""}, "not_compared"),
        ({"n_seeds": 1}, "one_seed"),
        ({"verdict": "UNDERPOWERED"}, "underpowered"),
    ],
)
def test_nothing_is_decided_by_a_side_that_cannot(
    pair: tuple[str, str], side: int, spoilt: dict[str, object], reason: str
) -> None:
    sides = [Side(verdict=verdict, n_seeds=3) for verdict in pair]
    values = {"verdict": pair[side], "n_seeds": 3, **spoilt}
    sides[side] = Side(**values)  # type: ignore[arg-type]
    assert diagnose(*sides) == Diagnosis("undecided", reason)


def test_a_gain_after_a_harm_is_believed_of_no_control_that_was_not_looked_at() -> None:
    harm, gain = Side("HURT", 3), Side("HELPED", 3)
    assert diagnose(harm, gain) == Diagnosis("undecided", "contradiction")
    over = Side("HELPED", 3, overfits=True)
    assert diagnose(harm, over) == Diagnosis("interference", "control_overfits")


def test_the_table_of_the_docs_is_that_of_the_code() -> None:
    text = DOCS.read_text(encoding="utf-8")
    for data, compute, diagnosis in diagnosis_table():
        assert f"| `{data}` | `{compute}` | {diagnosis} |" in text
    for name, meaning in DIAGNOSES.items():
        assert f"| {name.replace('_', ' ')} | {meaning} |" in text


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
