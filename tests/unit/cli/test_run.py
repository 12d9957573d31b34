"""`run`: a study file from beginning to end, and from the middle to the end."""

import json
from collections.abc import Callable
from pathlib import Path


def test_a_finished_study_is_shown_again(
    finished: Path, bed: Path, study_file: Path, isogloss: Callable[..., object]
) -> None:
    before = {path: path.stat().st_mtime_ns for path in finished.rglob("result.json")}
    code, out, err = isogloss(
        "run", study_file, "--data", bed, "--out", finished, "--launcher", "inline"
    )
    assert code == 0
    assert "report:" in out
    assert "match: language" in out
    assert {path: path.stat().st_mtime_ns for path in finished.rglob("result.json")} == before
    assert "done" not in err, "no run was repeated"


def test_the_answer_as_json(
    finished: Path, bed: Path, study_file: Path, isogloss: Callable[..., object]
) -> None:
    code, out, _ = isogloss("run", study_file, "--data", bed, "--out", finished, "--json")
    answer = json.loads(out)
    assert code == 0
    assert Path(answer["report"]).is_file()
    assert {row["treatment"] for row in answer["verdicts"]} == {"untreated"}


def test_a_bad_override_is_refused(
    bed: Path, study_file: Path, tmp_path: Path, isogloss: Callable[..., object]
) -> None:
    code, _, err = isogloss(
        *("run", study_file, "--data", bed, "--out", tmp_path / "o"),
        *("--set", "pretraining.update=5"),
    )
    assert code == 2
    assert "Did you mean `updates`?" in err
    assert not (tmp_path / "o").exists()
