"""`compare`: a study against its copy differs nowhere."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture
def copied(finished: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(finished, tmp_path / "copy"))


def test_a_study_against_its_copy(
    finished: Path, copied: Path, isogloss: Callable[..., object]
) -> None:
    code, out, _ = isogloss("compare", finished, copied, "--json")
    rows = json.loads(out)
    assert code == 0
    assert rows
    assert all(row["gain"] == 0 for row in rows)
    assert not {row["verdict"] for row in rows} & {"BETTER", "WORSE"}


def test_for_people(finished: Path, copied: Path, isogloss: Callable[..., object]) -> None:
    code, out, _ = isogloss("compare", finished, copied)
    assert code == 0
    counts = out.strip().splitlines()[-1]
    assert "UNDERPOWERED" in counts or "INCONCLUSIVE" in counts


def test_refuses_what_is_no_study(
    finished: Path, tmp_path: Path, isogloss: Callable[..., object]
) -> None:
    assert isogloss("compare", finished, tmp_path)[0] == 2


def test_refuses_a_study_against_itself(finished: Path, isogloss: Callable[..., object]) -> None:
    assert isogloss("compare", finished, finished)[0] == 2
