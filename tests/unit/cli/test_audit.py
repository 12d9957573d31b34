"""`audit`: which mixtures its flags ask for."""

import argparse
from collections.abc import Callable
from pathlib import Path

import pytest

from isogloss.study import StudySpec


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[StudySpec, str]]:
    """Return what the command would do, without doing it."""
    found: list[tuple[StudySpec, str]] = []

    def note(spec: StudySpec, data: str, _: argparse.Namespace) -> int:
        found.append((spec, data))
        return 0

    monkeypatch.setattr("isogloss.cli.audit.conduct", note)
    return found


def names(spec: StudySpec) -> list[str]:
    return ["+".join(one.code for one in mixture) for mixture in spec.mixtures]


def test_all_languages_together(
    asked: list[tuple[StudySpec, str]], tmp_path: Path, isogloss: Callable[..., object]
) -> None:
    command = ("audit", "--text", tmp_path, "--languages", "en,sw,te", "--out", tmp_path / "o")
    assert isogloss(*command)[0] == 0
    [(spec, data)] = asked
    assert names(spec) == ["eng+swa+tel"]
    assert data == str(tmp_path)


def test_pairs_come_on_top(
    asked: list[tuple[StudySpec, str]], tmp_path: Path, isogloss: Callable[..., object]
) -> None:
    isogloss("audit", "--text", tmp_path, "--languages", "en,sw,te", "--out", "o", "--pairs")
    assert names(asked[0][0]) == ["eng+swa+tel", "eng+swa", "eng+tel", "swa+tel"]


def test_one_language_is_refused(tmp_path: Path, isogloss: Callable[..., object]) -> None:
    code, _, err = isogloss("audit", "--text", tmp_path, "--languages", "en", "--out", "o")
    assert code == 2
    assert "two languages" in err
