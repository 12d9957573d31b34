import json
from pathlib import Path

import pandas as pd
import pytest

from isogloss.cli import main

FRAME = pd.DataFrame(
    {
        "treatment": ["untreated", "untreated"],
        "mixture": ["qaa-Latn+qab-Latn"] * 2,
        "match": ["", ""],
        "task": ["pos", "masked_lm"],
        "setting": ["within_language"] * 2,
        "source_language": ["qaa-Latn"] * 2,
        "target_language": ["qaa-Latn"] * 2,
        "a": [0.5, 2.0],
        "b": [0.625, float("nan")],
        "gain": [0.125, 0.0],
        "ci_low": [0.1, -0.1],
        "ci_high": [0.15, 0.1],
        "p_holm": [0.01, 1.0],
        "verdict": ["BETTER", "INCONCLUSIVE"],
        "mde": [0.02, 0.1],
    }
)


@pytest.fixture(autouse=True)
def _given(monkeypatch: pytest.MonkeyPatch) -> None:
    def compare_studies(first: Path, second: Path) -> pd.DataFrame:
        assert (first, second) == (Path("old"), Path("new"))
        return FRAME

    monkeypatch.setattr("isogloss.study.compare_studies", compare_studies)


def test_the_table_counts_the_verdicts(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", "old", "new"]) == 0
    shown = capsys.readouterr().out
    assert "A = old, B = new" in shown
    assert "1 BETTER, 1 INCONCLUSIVE" in shown
    assert "mde" not in shown


def test_json_has_every_column_and_null_for_what_is_missing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["compare", "old", "new", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert set(rows[0]) == set(FRAME.columns)
    assert (rows[0]["b"], rows[1]["b"]) == (0.625, None)
