import json
from pathlib import Path

import pandas as pd
import pytest

import toy_study
from isogloss.cli.conduct import show, verdict_table


@pytest.fixture
def toy(tmp_path: Path) -> Path:
    return toy_study.write_toy_study(tmp_path / "toy", toy_study.Toy(hostile=True))


def test_json_is_all_that_is_printed(toy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert show(toy, as_json=True) == 0
    content = json.loads(capsys.readouterr().out)
    assert len(content["verdicts"]) == len(pd.read_csv(toy / "verdicts.csv"))
    assert content["notes"] == json.loads((toy / "notes.json").read_text())
    assert Path(content["report"]).is_file()


def test_people_see_verdicts_warnings_and_where_the_report_is(
    toy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert show(toy, as_json=False) == 0
    shown = capsys.readouterr().out
    assert "HURT" in shown
    assert "refusal: Budgets of " in shown
    assert "note: " not in shown, "what may be left out stands in the report"
    assert shown.endswith(f"report: {(toy / 'report.html').resolve()}\n")


def test_both_matches_and_zero_shot_stand_side_by_side(toy: Path) -> None:
    verdicts = pd.read_csv(toy / "verdicts.csv", keep_default_na=False, na_values=[""])
    table = verdict_table(verdicts)
    assert {"match: language", "match: total", "zero-shot score"} <= set(table.columns)
    keys = ["mixture", "task", "language", "treatment"]
    assert len(table) == len(verdicts.drop_duplicates(keys))
    assert not table.isna().any(axis=None)
