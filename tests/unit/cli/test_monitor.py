import json
from pathlib import Path

import pytest

from isogloss.cli import main
from unit.diagnosis.test_conflict_summary import PAIR, look


@pytest.fixture
def run_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "my-run"
    folder.mkdir()
    rows = [look(10 * n, cosine) for n, cosine in enumerate([0.5, -0.25, None])]
    (folder / "conflict.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return folder


def test_a_table_and_a_picture(run_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["monitor", str(run_folder)]) == 0
    found = capsys.readouterr().out
    assert "3 measurements, updates 0 to 20" in found
    assert PAIR in found and "0.12" in found and "50%" in found
    assert max(map(len, found.splitlines()[:-1])) <= 100
    page = run_folder / "conflict.html"
    assert found.endswith(f"picture: {page.resolve()}\n")
    assert "<svg" in page.read_text(encoding="utf-8")


def test_as_json_and_elsewhere(run_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = run_folder.parent / "elsewhere.html"
    assert main(["monitor", str(run_folder), "--to", str(target), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["picture"] == str(target)
    assert found["pairs"][0]["in_conflict"] == 0.5


def test_a_folder_without_looks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["monitor", str(tmp_path)]) == 2
    assert "conflict.jsonl" in capsys.readouterr().err
