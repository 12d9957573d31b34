import dataclasses
from pathlib import Path

import pytest

from isogloss.cli.progress import RunProgress
from isogloss.core import Language
from isogloss.study import Run, parse_spec
from isogloss.study.plan.planning import base_plan
from unit.study.toys import CONTENT


@pytest.fixture
def run() -> Run:
    languages = (Language.parse("qaa"),)
    plan = base_plan(parse_spec(CONTENT, "toys"), languages, 6, 0)
    return Run("pretrain", plan, "micro", {}, "masked_lm", languages)


def test_a_line_a_run_where_there_is_no_terminal(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    progress = RunProgress(tmp_path)
    other = dataclasses.replace(run, model="tiny")
    progress.planned([run, other], {run.run_id: 3.0, other.run_id: 1.0})
    progress.started(run)
    progress.tick()
    progress.ended(run, None)
    progress.started(other)
    progress.ended(other, "the loss is nan")
    progress.close()
    told = capsys.readouterr()
    lines = told.err.splitlines()
    assert told.out == "", "standard output is for the answer"
    assert lines[0] == f"2 runs to do in {tmp_path}"
    assert lines[1].startswith(f"[1/2] {run.run_id} done ")
    assert lines[1].endswith(" left")
    assert lines[2].startswith(f"[2/2] {other.run_id} FAILED: the loss is nan")


def test_warnings_are_said_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    RunProgress(tmp_path).warned(["No comparison at the same data."])
    assert capsys.readouterr().err == "warning: No comparison at the same data.\n"
    RunProgress(tmp_path, quiet=True).warned(["No comparison at the same data."])
    assert capsys.readouterr() == ("", "")


def test_quiet(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    progress = RunProgress(tmp_path, quiet=True)
    progress.planned([run], {run.run_id: 1.0})
    progress.started(run)
    progress.ended(run, "why")
    progress.close()
    assert capsys.readouterr() == ("", "")


def test_the_time_left_goes_by_planned_work(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One of two runs is done, a quarter of the work, and a half of the other."""
    now = [100.0]
    monkeypatch.setattr("isogloss.cli.progress.time.monotonic", lambda: now[0])
    monkeypatch.setattr("isogloss.cli.progress.read_progress", lambda *_: (0.5, 10.0))
    progress = RunProgress(tmp_path, quiet=True)
    assert progress.seconds_left() is None
    other = dataclasses.replace(run, model="tiny")
    progress.planned([run, other], {run.run_id: 10.0, other.run_id: 30.0})
    progress.started(run)
    progress.ended(run, None)
    progress.started(other)
    now[0] += 50.0
    assert progress.seconds_left() == pytest.approx(50 * 15 / 25)
    # What comes on top counts as soon as it is foreseen.
    progress.planned([], {other.run_id: 30.0, "later": 25.0})
    assert progress.seconds_left() == pytest.approx(50 * 40 / 25)


def test_updates_within_a_run_are_told(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now = [0.0]
    monkeypatch.setattr("isogloss.cli.progress.time.monotonic", lambda: now[0])
    monkeypatch.setattr("isogloss.cli.progress.read_progress", lambda *_: (0.5, 1200.0))
    progress = RunProgress(tmp_path)
    progress.planned([run], {run.run_id: 8.0})
    progress.started(run)
    now[0] = 30.0
    progress.tick()
    now[0] = 61.0
    progress.tick()
    lines = capsys.readouterr().err.splitlines()
    assert lines[1:] == ["[0/1] pretrain qaa 3/6; 1,200 tokens/s; 1 min left"]
