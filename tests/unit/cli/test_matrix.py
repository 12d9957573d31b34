from typing import Any

import pytest

from isogloss.cli import main, matrix
from isogloss.study import StudySpec


def test_every_pair_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[StudySpec] = []

    def conduct(spec: StudySpec, data: str, args: Any) -> int:
        asked.append(spec)
        return 0

    monkeypatch.setattr(matrix, "conduct", conduct)
    assert main(["matrix", "--text", "texts", "--languages", "en,sw,te", "--out", "out"]) == 0
    pairs = ["+".join(language.code for language in mixture) for mixture in asked[0].mixtures]
    assert pairs == ["eng+swa", "eng+tel", "swa+tel"]
    assert asked[0].name == "matrix of texts"


def test_one_language_is_no_pair(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["matrix", "--text", "texts", "--languages", "en", "--out", "out"]) == 2
    assert "two languages or more" in capsys.readouterr().err
