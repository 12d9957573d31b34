import json
from pathlib import Path

import pytest

from isogloss.cli import main
from unit.study.run.test_grouping import place  # noqa: F401


@pytest.fixture
def command(place: Path, tmp_path: Path) -> list[str]:  # noqa: F811
    words = ["group", str(place / "body"), "--text", str(place / "text")]
    return [*words, "--affinity", "text,script", "--out", str(tmp_path / "out")]


def test_groups_and_the_study(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(command) == 0
    shown = capsys.readouterr().out
    assert "the study tests the groups by" in shown
    assert "isogloss run" in shown
    assert main([*command, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["tables"]["groups"][0]["affinity"] == "text"
    assert Path(told["study"]).is_file()


def test_features_that_are_not_asked_for(
    command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*command, "--typology", "features.csv"]) == 2
    assert "`typology` among --affinity" in capsys.readouterr().err
