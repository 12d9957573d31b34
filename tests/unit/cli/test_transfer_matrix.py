import json
from pathlib import Path
from typing import Any

import pytest

from isogloss.cli import main, transfer_matrix
from unit.transfer.conftest import bed, body  # noqa: F401 - fixtures of the room

WORDS = ("matrix", "--text", "data", "--languages", "qaa,qab", "--out", "out")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--targets", "qaa"], "options that `--method pairs` reads"),
        (["--method", "adapters", "--vocabulary", "300"], "--vocabulary"),
        (["--method", "tune", "--workers", "2"], "--workers"),
        (["--method", "adapters", "--profile", "small"], "--profile with --study"),
        (["--method", "adapters"], "model"),
        (["--method", "tune", "--steps", "ten", "--model", "a/b"], "whole numbers"),
        (["--method", "adapters", "--steps", "3", "--model", "a/b"], "steps"),
        (["--method", "adapters", "--study", "none", "--model", "a/b"], "faisal2024"),
    ],
)
def test_what_does_nothing_is_refused(
    more: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*WORDS, *more]) == 2
    assert said in capsys.readouterr().err


def test_what_is_typed_is_laid_over_the_bundled_study() -> None:
    found = transfer_matrix._over(
        {"runs": 3, "unit": {"rows": 8, "length": 128}}, {"unit": {"rows": 4}}
    )
    assert found == {"runs": 3, "unit": {"rows": 4, "length": 128}}


def _content(bed: Path, body: Path) -> list[str]:  # noqa: F811
    size = "--rows 4 --length 24 --budget updates=3 --seeds 2 --tasks pos --task-examples 20"
    return [
        *("matrix", "--method", "adapters", "--text", str(bed), "--languages", "qaa,qab"),
        *("--model", str(body), "--test-examples", "50", "--task-epochs", "1", *size.split()),
    ]


def test_from_the_cost_to_the_report(
    bed: Path,  # noqa: F811
    body: Path,  # noqa: F811
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = [*_content(bed, body), "--out", str(tmp_path / "out")]
    assert main(words) == 0
    said = capsys.readouterr().out
    assert said.index("Cost, at first") < said.index("to score") < said.index("answer:")
    assert (tmp_path / "out" / "report.html").is_file()
    assert main([*words, "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert len(found["cells"]) == 4
    assert main(["report", str(tmp_path / "out"), "--to", str(tmp_path / "again.html")]) == 0
    assert "Transfer matrix" in (tmp_path / "again.html").read_text(encoding="utf-8")


def test_a_plan_trains_and_writes_nothing(
    bed: Path,  # noqa: F811
    body: Path,  # noqa: F811
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = tmp_path / "out"
    assert main(["plan", *_content(bed, body), "--out", str(out)]) == 0
    assert "language units" in capsys.readouterr().out
    assert not out.exists()
