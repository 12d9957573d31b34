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
    assert shown.splitlines()[-1].startswith("what to do: Train "), "the last line is what to do"
    assert "\x1b" not in shown


def test_both_matches_and_zero_shot_stand_side_by_side(toy: Path) -> None:
    verdicts = pd.read_csv(toy / "verdicts.csv", keep_default_na=False, na_values=[""])
    table = verdict_table(verdicts)
    assert {"same data", "same compute", "zero-shot score"} <= set(table.columns)
    keys = ["mixture", "task", "language", "treatment"]
    assert len(table) == len(verdicts.drop_duplicates(keys))
    assert not table.isna().any(axis=None)


def test_a_task_with_two_metrics_has_a_row_for_each(toy: Path) -> None:
    verdicts = pd.read_csv(toy / "verdicts.csv", keep_default_na=False, na_values=[""])
    n_rows = len(verdict_table(verdicts))
    asked = verdicts[verdicts["task"] == "ner"]
    table = verdict_table(pd.concat([verdicts, asked.assign(metric="qa_em")]))
    assert {one for one in table["task"] if one.startswith("ner")} == {
        "ner (entity_f1)",
        "ner (qa_em)",
    }
    assert len(table) == n_rows + (table["task"] == "ner (qa_em)").sum()


@pytest.mark.parametrize(
    ("cosine", "control", "shown"),
    [
        (0.1, 0.3, "0.10 (same-language control 0.30)"),
        (0.3, 0.1, "0.30 (same-language control 0.10)"),
        (0.1, None, "0.10 (same-language control not measured)"),
    ],
)
def test_the_gradients_stand_beside_the_verdict(
    toy: Path, cosine: float, control: float | None, shown: str
) -> None:
    verdicts = pd.read_csv(toy / "verdicts.csv", keep_default_na=False, na_values=[""])
    assert "conflict" not in verdict_table(verdicts)
    looked = verdicts["treatment"] == "untreated"
    verdicts["gradient_cosine"] = pd.Series(cosine, verdicts.index).where(looked)
    verdicts["gradient_control"] = pd.Series(control, verdicts.index, dtype=float).where(looked)
    table = verdict_table(verdicts)
    assert set(table.loc[table["treatment"] == "untreated", "conflict"]) == {shown}
    assert set(table.loc[table["treatment"] != "untreated", "conflict"]) == {"not measured"}


def test_looks_that_were_asked_for_and_not_taken_are_said_to_be_missing(toy: Path) -> None:
    verdicts = pd.read_csv(toy / "verdicts.csv", keep_default_na=False, na_values=[""])
    assert set(verdict_table(verdicts, looks_asked=True)["conflict"]) == {"not measured"}


@pytest.mark.parametrize("every", [40, 0])
def test_the_caption_explains_conflict_where_it_is_a_column(
    toy: Path, every: int, capsys: pytest.CaptureFixture[str]
) -> None:
    about = json.loads((toy / "study.json").read_text())
    (toy / "study.json").write_text(json.dumps({**about, "conflict_every": every}))
    show(toy, as_json=False)
    assert ("Conflict:" in capsys.readouterr().out) == (every > 0)
