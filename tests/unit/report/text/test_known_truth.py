import dataclasses

import pandas as pd
import pytest

from isogloss.report.study_files import StudyFiles
from isogloss.report.text.known_truth import known_truth

PLANTED = {
    "mixture": "qaa-Latn+qab-Latn",
    "language": "qaa-Latn",
    "match": "total",
    "planted": "hurt",
    "interference": 0.3512,
    "ci_low": 0.2501,
    "ci_high": 0.4523,
    "verdict": "HURT",
    "outcome": "found",
}
HARMLESS = {
    **PLANTED,
    "mixture": "qaa-Latn+qac-Latn",
    "planted": "none",
    "interference": 0.01,
    "verdict": "UNDERPOWERED",
    "outcome": "no_false_alarm",
}


def said(study: StudyFiles, *rows: dict[str, object]) -> str:
    names = {"qaa-Latn": "base", "qab-Latn": "conflict", "qac-Latn": "twin"}
    about = {
        **study.about,
        "languages": [{"code": code, "name": name} for code, name in names.items()],
    }
    tables = {**study.tables, "truth": pd.DataFrame(list(rows))}
    return known_truth(dataclasses.replace(study, about=about, tables=tables))


def test_found_and_no_false_alarm(study: StudyFiles) -> None:
    assert said(study, PLANTED, HARMLESS) == (
        "The planted conflict was found: interference +0.351 [+0.250, +0.452] bits per byte "
        "(same compute, base). No harm was claimed where none was planted (base with twin)."
    )


@pytest.mark.parametrize(
    ("outcome", "verdict", "words"),
    [
        ("open", "UNDERPOWERED", "The planted conflict was NOT found: "),
        ("opposite", "HELPED", "The planted conflict was NOT found, its opposite was: "),
    ],
)
def test_not_found_is_said(study: StudyFiles, outcome: str, verdict: str, words: str) -> None:
    text = said(study, {**PLANTED, "outcome": outcome, "verdict": verdict}, HARMLESS)
    assert text.startswith(words)


def test_a_false_alarm_is_loud(study: StudyFiles) -> None:
    text = said(study, PLANTED, {**HARMLESS, "verdict": "HURT", "outcome": "false_alarm"})
    assert "FALSE ALARM: harm was claimed where none was planted (base with twin)." in text


def test_help_from_a_twin_at_the_same_data_is_no_alarm(study: StudyFiles) -> None:
    help_ = {**HARMLESS, "match": "language", "planted": "help", "verdict": "HELPED"}
    assert "No harm was claimed" in said(study, PLANTED, help_)


def test_other_data_have_no_truth(study: StudyFiles) -> None:
    assert known_truth(study) == ""
