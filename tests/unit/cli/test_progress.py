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
    progress.planned([run, other])
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


def test_quiet(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    progress = RunProgress(tmp_path, quiet=True)
    progress.planned([run])
    progress.started(run)
    progress.ended(run, "why")
    progress.close()
    assert capsys.readouterr() == ("", "")
