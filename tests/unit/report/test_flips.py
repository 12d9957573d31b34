import pandas as pd
import pytest

from isogloss.report.flips import mark_flips, primary_match


def verdicts(language: str, total: str) -> pd.DataFrame:
    keys = {"treatment": "untreated", "mixture": "a+b", "task": "ner", "metric": "entity_f1"}
    rest = {"setting": "within_language", "source_language": "a", "language": "a"}
    rows = [{"match": "language", "verdict": language}, {"match": "total", "verdict": total}]
    return pd.DataFrame([{**keys, **rest, **row} for row in rows])


@pytest.mark.parametrize(
    ("language", "total", "expected"),
    [
        ("HURT", "HURT", ""),
        ("HURT", "HELPED", "reverses"),
        ("HURT", "INCONCLUSIVE", "differs"),
        ("INCONCLUSIVE", "UNDERPOWERED", ""),
    ],
)
def test_marks_both_rows(language: str, total: str, expected: str) -> None:
    assert mark_flips(verdicts(language, total))["flip"].tolist() == [expected] * 2


def test_an_empty_table_stays_empty() -> None:
    assert mark_flips(verdicts("HURT", "HURT").iloc[:0])["flip"].tolist() == []


def test_primary_match() -> None:
    table = verdicts("HURT", "HURT")
    assert primary_match(table.iloc[::-1]) == "language"
    assert primary_match(table[table["match"] == "total"]) == "total"
    assert primary_match(table.assign(match="")) == ""
