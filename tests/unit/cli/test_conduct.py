"""Verdicts as people read them."""

import pandas as pd

from isogloss.cli.conduct import verdict_table

WITHIN = {
    "treatment": "untreated",
    "mixture": "eng-Latn+swa-Latn",
    "task": "ner",
    "setting": "within_language",
    "language": "swa-Latn",
    "multilingual": 0.4,
    "interference": 0.02,
    "ci_low": 0.01,
    "ci_high": 0.03,
    "verdict": "HURT",
    "match": "language",
}


def test_both_matches_and_zero_shot_stand_side_by_side() -> None:
    frame = pd.DataFrame(
        [
            WITHIN,
            {**WITHIN, "match": "total", "verdict": None},
            {**WITHIN, "setting": "zero_shot", "multilingual": 0.25, "verdict": None},
        ]
    )
    [row] = verdict_table(frame).to_dict("records")
    assert row["mixture"] == "eng+swa"
    assert row["match: language"] == "HURT +0.020 [+0.010, +0.030]"
    assert row["match: total"] == "not compared"
    assert row["zero-shot score"] == "0.250"


def test_what_was_not_measured_is_a_dash() -> None:
    [row] = verdict_table(pd.DataFrame([WITHIN])).to_dict("records")
    assert row["zero-shot score"] == "-"
