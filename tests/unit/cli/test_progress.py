"""Progress without a terminal: one line a run, on standard error."""

import json
from pathlib import Path

import pytest

from isogloss.cli.progress import RunProgress
from isogloss.study import plan_study, prepare
from unit.study import toys


@pytest.fixture(scope="module")
def runs(bed: Path, tmp_path_factory: pytest.TempPathFactory) -> list:
    spec = toys.spec()
    prepared = prepare(spec, str(bed), tmp_path_factory.mktemp("progress"))
    return list(plan_study(spec, prepared, {}).runs.values())


def test_one_line_a_run(runs: list, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    progress = RunProgress(tmp_path)
    progress.planned(runs)
    for run in runs:
        progress.started(run)
        progress.tick()
        progress.ended(run, None)
    progress.close()
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count(" done ") == len(runs)
    assert f"[{len(runs)}/{len(runs)}]" in said.err


def test_a_failure_is_told(runs: list, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    progress = RunProgress(tmp_path)
    progress.planned(runs[:1])
    progress.started(runs[0])
    progress.ended(runs[0], "the loss is nan")
    assert "the loss is nan" in capsys.readouterr().err


def test_quiet_says_nothing(runs: list, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    progress = RunProgress(tmp_path, quiet=True)
    progress.planned(runs)
    progress.started(runs[0])
    progress.ended(runs[0], None)
    assert capsys.readouterr() == ("", "")


def test_rate_and_time_left_come_from_the_running_runs(
    runs: list, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = runs[:2]
    folder = tmp_path / "runs" / second.run_id
    folder.mkdir(parents=True)
    row = {"kind": "train", "update": 2, "updates": 6, "tokens_per_second": 1234.0}
    (folder / "metrics.jsonl").write_text(json.dumps(row) + "\n")
    progress = RunProgress(tmp_path)
    progress.planned([first, second])
    progress.started(first)
    progress.started(second)
    progress.ended(first, None)
    said = capsys.readouterr().err
    assert "1,234 tokens/s" in said
    assert "left" in said
