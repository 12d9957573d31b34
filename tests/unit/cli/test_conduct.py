import json
from pathlib import Path

import pandas as pd
import pytest

import toy_study
from isogloss.cli.conduct import show


@pytest.fixture
def toy(tmp_path: Path) -> Path:
    return toy_study.write_toy_study(tmp_path / "toy", toy_study.Toy(hostile=True))


def test_json_is_all_that_is_printed(toy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert show(toy, as_json=True) == 0
    content = json.loads(capsys.readouterr().out)
    assert len(content["verdicts"]) == len(pd.read_csv(toy / "verdicts.csv"))
    assert content["notes"] == json.loads((toy / "notes.json").read_text())
    assert Path(content["report"]).is_file()
    assert len(content["diagnoses"]) == len(pd.read_csv(toy / "diagnoses.csv"))
    assert content["what_to_do"].startswith("Train ")
    assert "hurt" in content["answer"]


def test_people_see_verdicts_warnings_and_where_the_report_is(
    toy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert show(toy, as_json=False) == 0
    shown = capsys.readouterr().out
    assert "HURT" in shown
    assert "refusal: Budgets of " in shown
    assert "note: " not in shown, "what may be left out stands in the report"
    assert f"report: {(toy / 'report.html').resolve()}\n" in shown
    assert "\nanswer: " in shown
    last = next(line for line in reversed(shown.splitlines()) if ": " in line[:14])
    assert last.startswith("what to do: Train "), "the last sentence is what to do"
    assert "\x1b" not in shown


@pytest.mark.parametrize("every", [40, 0])
def test_the_caption_explains_conflict_where_it_is_a_column(
    toy: Path, every: int, capsys: pytest.CaptureFixture[str]
) -> None:
    about = json.loads((toy / "study.json").read_text())
    (toy / "study.json").write_text(json.dumps({**about, "conflict_every": every}))
    show(toy, as_json=False)
    assert ("Conflict:" in capsys.readouterr().out) == (every > 0)
