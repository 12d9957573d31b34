from typing import Any

import pytest

from isogloss.diagnosis import MEASUREMENTS
from isogloss.diagnosis.measured_conflict import conflict_rows

PAIR = "qaa-Latn|qab-Latn"


def look(update: int, cosine: float | None) -> dict[str, Any]:
    """Return a row of `conflict.jsonl`."""
    return {
        "update": update,
        "cosine": {PAIR: cosine},
        "corrected": {PAIR: None},
        "half": {PAIR: 0.5 * (cosine or 0)},
        "same_language": {"qaa-Latn": 0.3, "qab-Latn": 0.5},
        "layers": {"layers.0": {PAIR: cosine}},
        "kinds": {"attention": {PAIR: cosine}},
    }


def test_a_row_per_look_and_a_mean_per_place() -> None:
    rows = conflict_rows([look(0, 1.0), look(40, 0.2), look(80, -0.4)])
    assert [row["level"] for row in rows] == ["model"] * 3 + ["layer", "kind"]
    assert [row["update"] for row in rows[:3]] == [0, 40, 80]
    assert [row["control"] for row in rows[:3]] == pytest.approx([0.4] * 3)
    assert [row["cosine"] for row in rows[3:]] == pytest.approx([0.8 / 3] * 2)
    assert {(row["language_a"], row["language_b"]) for row in rows} == {("qaa-Latn", "qab-Latn")}
    assert set().union(*rows) == set(MEASUREMENTS["conflict"].columns)


def test_a_look_without_a_finite_gradient_has_no_row() -> None:
    lost = {**look(120, 0.0), "cosine": {}, "not_finite": ["qab-Latn"]}
    seen = {**look(80, 0.1), "layers": {}, "kinds": {}}
    rows = conflict_rows([seen, {**lost, "layers": {}, "kinds": {}}])
    assert [row["update"] for row in rows] == [80]


def test_a_training_without_looks_has_no_row() -> None:
    assert conflict_rows([]) == []
