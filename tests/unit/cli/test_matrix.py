"""`matrix`: every pair of the languages."""

import argparse
from collections.abc import Callable
from pathlib import Path

import pytest

from isogloss.study import StudySpec


def test_every_pair_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, isogloss: Callable[..., object]
) -> None:
    found: list[StudySpec] = []

    def note(spec: StudySpec, data: str, args: argparse.Namespace) -> int:
        found.append(spec)
        return 0

    monkeypatch.setattr("isogloss.cli.matrix.conduct", note)
    code = isogloss("matrix", "--text", tmp_path, "--languages", "en,sw,te", "--out", "o")[0]
    assert code == 0
    pairs = ["+".join(one.code for one in mixture) for mixture in found[0].mixtures]
    assert pairs == ["eng+swa", "eng+tel", "swa+tel"]


def test_one_language_is_refused(tmp_path: Path, isogloss: Callable[..., object]) -> None:
    assert isogloss("matrix", "--text", tmp_path, "--languages", "en", "--out", "o")[0] == 2
