import dataclasses
from pathlib import Path

import pytest

from isogloss.cli.progress import RunProgress
from isogloss.core import Language
from isogloss.study import Run, parse_spec
from isogloss.study.plan.pretraining import base_plan
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
    progress.planned([run, other], [(run, 3.0), (other, 1.0)])
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
    progress.planned([run], [(run, 1.0)])
    progress.started(run)
    progress.ended(run, "why")
    progress.close()
    assert capsys.readouterr() == ("", "")


def test_updates_within_a_run_are_told(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Half of the run took 61 seconds, so the other half takes as long."""
    now, share = [0.0], [0.0]
    monkeypatch.setattr("isogloss.cli.progress.time.monotonic", lambda: now[0])
    monkeypatch.setattr("isogloss.study.launch.time_left.time.time", lambda: now[0])
    for place in ("isogloss.cli.progress", "isogloss.study.launch.time_left"):
        monkeypatch.setattr(f"{place}.read_progress", lambda *_: (share[0], 1200.0))
    progress = RunProgress(tmp_path)
    progress.planned([run], [(run, 8.0)])
    progress.started(run)
    now[0], share[0] = 30.0, 0.25
    progress.tick()
    now[0], share[0] = 61.0, 0.5
    progress.tick()
    lines = capsys.readouterr().err.splitlines()
    assert lines[1:] == ["[0/1] pretrain qaa 3/6; 1,200 tokens/s; 1 min left"]
