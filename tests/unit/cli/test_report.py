import json
from pathlib import Path

import pytest

import toy_study
from isogloss.cli import main


@pytest.fixture
def toy(tmp_path: Path) -> Path:
    return toy_study.write_toy_study(tmp_path / "toy")


def test_beside_the_tables(toy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", str(toy)]) == 0
    assert capsys.readouterr().out == f"report: {(toy / 'report.html').resolve()}\n"
    assert (toy / "report.html").is_file()


def test_elsewhere(toy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = toy.parent / "new" / "to-send.html"
    assert main(["report", str(toy), "--to", str(target), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"report": str(target)}
    assert target.is_file()
    assert not (toy / "report.html").exists()
