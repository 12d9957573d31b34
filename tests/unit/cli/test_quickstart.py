"""The quickstart: what it generates and what it asks."""

import argparse
from collections.abc import Callable
from pathlib import Path

import pytest

from isogloss.cli import quickstart
from isogloss.data import open_source
from isogloss.study import StudySpec


def test_generates_the_bed_and_audits_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, isogloss: Callable[..., object]
) -> None:
    found: list[tuple[StudySpec, str]] = []

    def note(spec: StudySpec, data: str, args: argparse.Namespace) -> int:
        found.append((spec, data))
        return 0

    monkeypatch.setattr(quickstart, "conduct", note)
    monkeypatch.setattr(quickstart, "SENTENCES", 80)
    code, _, err = isogloss("quickstart", "--out", tmp_path / "q")
    [(spec, data)] = found
    assert code == 0
    assert "qaa" in str(spec.mixtures)
    assert {str(one) for one in open_source(data).languages("text")} == {
        str(one) for one in spec.languages
    }
    assert "Generating" in err


def test_the_study_can_tell_a_conflict_from_a_twin() -> None:
    spec = quickstart.quickstart_spec()
    assert len(spec.mixtures) == 2
    assert len(spec.seeds) >= 3
    assert set(spec.match) == {"language", "total"}
