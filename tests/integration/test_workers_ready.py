"""The pool's processes as forks of the command's own process, started before it did anything."""

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """
import os, sys
from pathlib import Path
from types import SimpleNamespace

from isogloss.study import LAUNCHERS, workers_ready
from isogloss.study.launch import launchers

patched_here = []  # only a fork of this process knows it

def execute(run, study):
    folder = launchers.run_folder(study, run.run_id)
    folder.path.mkdir(parents=True)
    folder.result.write_text(f"{os.getppid()} {patched_here}")

launchers.execute = execute
patched_here.append("fork")
plan = SimpleNamespace(updates=1, rows=1)
facts = {"starts_from": None, "stage": "pretrain", "plan": plan, "updates": 1, "size": 1}
runs = [SimpleNamespace(run_id=name, **facts) for name in "ab"]

class Watcher:
    def started(self, run): ...
    def ended(self, run, error): assert error is None, error
    def tick(self): ...

study = Path(sys.argv[1])
with workers_ready(sys.argv[2], 2):
    failed = LAUNCHERS[sys.argv[2]](runs, study, 2, Watcher())
assert failed == {}
print(os.getpid(), os.getppid())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="processes are forked on Linux only")
@pytest.mark.parametrize("launcher", ["pool", "inline"])
def test_runs_are_done_by_forks_of_this_process(launcher: str, tmp_path: Path) -> None:
    command = [sys.executable, "-c", SCRIPT, str(tmp_path), launcher]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    own, parent = done.stdout.split()
    expected = own if launcher == "pool" else parent
    results = [path.read_text() for path in tmp_path.rglob("result.json")]
    assert results == [f"{expected} ['fork']"] * 2
