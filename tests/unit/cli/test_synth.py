import json
from pathlib import Path

import pytest

from isogloss.cli import main

RECIPE = "languages: [base, conflict]\nsizes: {held_out: 5, train: 5, dev: 5, test: 5}\n"


@pytest.fixture
def arguments(in_tmp: Path) -> list[str]:
    (in_tmp / "recipe.yaml").write_text(RECIPE)
    return ["synth", "--out", "bed", "--recipe", "recipe.yaml", "--sentences", "10"]


def test_a_bed(arguments: list[str], in_tmp: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 0
    assert "truth.yaml" in capsys.readouterr().out
    assert len((in_tmp / "bed/text/qab.train.txt").read_text().splitlines()) == 10


def test_json_tells_the_truth(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*arguments, "--json"]) == 0
    content = json.loads(capsys.readouterr().out)
    assert content["folder"] == "bed"
    assert content["truth"]["languages"]["qab"]["relation"].startswith("conflict")


def test_the_same_again_is_the_same(arguments: list[str], in_tmp: Path) -> None:
    assert main(arguments) == 0
    first = (in_tmp / "bed/text/qab.train.txt").read_bytes()
    assert main(arguments) == 0
    assert (in_tmp / "bed/text/qab.train.txt").read_bytes() == first


def test_other_files_are_left_alone(
    arguments: list[str], in_tmp: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (in_tmp / "bed" / "text").mkdir(parents=True)
    (in_tmp / "bed" / ".git").mkdir()
    assert main(arguments) == 2
    assert "Found text." in capsys.readouterr().err
    assert not (in_tmp / "bed" / "truth.yaml").exists()


def test_a_file_of_that_name_makes_no_test_bed(
    arguments: list[str], in_tmp: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 0
    (in_tmp / "bed" / "notes.md").write_text("mine")
    assert main(arguments) == 2
    assert "Found notes.md." in capsys.readouterr().err
    (in_tmp / "bed" / "notes.md").unlink()
    (in_tmp / "bed" / "truth.yaml").write_text("which: mine\n")
    assert main(arguments) == 2
    assert "the truth file of a synthetic test bed" in capsys.readouterr().err
    assert (in_tmp / "bed" / "truth.yaml").read_text() == "which: mine\n"
