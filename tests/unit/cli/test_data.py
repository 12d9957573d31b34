import json
from pathlib import Path

import pytest

from isogloss.cli import main


def check(capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, str]:
    code = main(["data", "check", "data", *options])
    told = capsys.readouterr()
    assert told.err == ""
    return code, told.out


def test_good_data(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, shown = check(capsys)
    assert code == 0
    assert shown.endswith("fit to train on\n")


def test_broken_data_are_named_with_file_and_line(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (place / "data" / "ner" / "qab.train.tsv").write_text("a\tO\nb\tLOC\n")
    code, shown = check(capsys)
    assert code == 2
    assert "error: ner qab-Latn train: Expected entity tags" in shown
    assert "data/ner/qab.train.tsv, line 2" in shown
    assert shown.endswith("broken: mend the errors before training\n")


def test_repairs_are_notes_and_not_errors(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Repaired IOB2 tags are told in our words, not as a warning of Python."""
    path = place / "data" / "ner" / "qab.train.tsv"
    path.write_text("a\tI-PER\n\n" + path.read_text())
    code, shown = check(capsys)
    assert code == 0
    assert "warning: ner qab-Latn train: data/ner/qab.train.tsv, line 1" in shown
    assert "DataWarning" not in shown


@pytest.mark.parametrize("broken", [False, True])
def test_json(place: Path, capsys: pytest.CaptureFixture[str], broken: bool) -> None:
    if broken:
        (place / "data" / "text" / "qaa.dev.txt").write_text("")
    code, shown = check(capsys, "--json")
    content = json.loads(shown)
    assert code == (2 if broken else 0)
    assert {row["status"] for row in content["counts"]} == {"read", *(["broken"] * broken)}
    assert any(one["severity"] == "error" for one in content["findings"]) == broken
