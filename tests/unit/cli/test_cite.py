import json
from pathlib import Path

import pytest

import toy_study
from isogloss.cli import main
from isogloss.cli.cite import read_citations


def test_bibtex(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = toy_study.write_toy_study(tmp_path / "toy")
    assert main(["cite", str(folder)]) == 0
    assert capsys.readouterr().out.startswith("@inproceedings{wang2020negative,")


def test_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = toy_study.write_toy_study(tmp_path / "toy")
    assert main(["cite", str(folder), "--json"]) == 0
    content = json.loads(capsys.readouterr().out)
    assert content == read_citations(folder)
    assert set(content[0]) == {"key", "text", "bibtex"}


def test_nothing_to_cite_is_still_bibtex(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "study.json").write_text('{"citations": []}')
    assert main(["cite", str(tmp_path)]) == 0
    assert capsys.readouterr().out.startswith("% ")


@pytest.mark.parametrize("content", ["{", "[]", "{}", '{"citations": [1]}', '{"citations": [{}]}'])
def test_damaged(tmp_path: Path, content: str, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "study.json").write_text(content)
    assert main(["cite", str(tmp_path)]) == 2
    assert "a damaged file" in capsys.readouterr().err
