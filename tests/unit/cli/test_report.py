"""`report`: the HTML again."""

import json
from collections.abc import Callable
from pathlib import Path


def test_writes_the_report_again(finished: Path, isogloss: Callable[..., object]) -> None:
    (finished / "report.html").unlink(missing_ok=True)
    code, out, _ = isogloss("report", finished)
    assert code == 0
    assert "report:" in out
    assert (finished / "report.html").is_file()


def test_writes_it_elsewhere(
    finished: Path, tmp_path: Path, isogloss: Callable[..., object]
) -> None:
    code, out, _ = isogloss("report", finished, "--to", tmp_path / "r.html", "--json")
    assert code == 0
    assert json.loads(out)["report"] == str(tmp_path / "r.html")


def test_refuses_a_folder_that_is_no_study(tmp_path: Path, isogloss: Callable[..., object]) -> None:
    code, _, err = isogloss("report", tmp_path)
    assert code == 2
    assert str(tmp_path) in err
