"""A command that is stopped or killed leaves no process behind, and the same command resumes."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
import yaml

from isogloss.cli import main
from unit.study import toys

MANY = {"updates": 60, "rows": 4, "length": 24, "dev_points": 2}
CONTENT = {**toys.CONTENT, "seeds": [0], "pretraining": MANY}
COMMAND = ["run", "study.yaml", "--data", "data", "--out"]
# What differs from one sitting to another.
SITTING = ["wall_s", "peak_memory_mb"]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with data, a study, and what it comes to when nobody stops it."""
    folder = tmp_path_factory.mktemp("place")
    toys.write_bed(folder / "data", "conflict")
    (folder / "study.yaml").write_text(yaml.safe_dump(CONTENT))
    before = Path.cwd()
    os.chdir(folder)
    try:
        assert main([*COMMAND, "whole", "--launcher", "inline"]) == 0
    finally:
        os.chdir(before)
    return folder


def children_of(pid: int) -> set[int]:
    """Return the processes below one, as the kernel knows them now."""
    parents = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(path.parent.name)] = int(path.read_text().rpartition(")")[2].split()[1])
        except OSError:  # it has ended meanwhile
            continue
    found = {pid}
    while new := {child for child, parent in parents.items() if parent in found} - found:
        found |= new
    return found - {pid}


def is_alive(pid: int) -> bool:
    try:
        return " Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2][:3]
    except OSError:
        return False


def within(seconds: float, what: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + seconds
    while not what():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


@pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up in /proc")
@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130), (signal.SIGKILL, -9)],
)
def test_no_process_survives_and_the_same_command_goes_on(
    number: int, code: int, place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(place)
    out = tmp_path / "out"
    command = [*COMMAND, str(out), "--workers", "2"]
    process = subprocess.Popen(
        [sys.executable, "-m", "isogloss", *command],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        stderr=subprocess.PIPE,
        text=True,
        # A test that a shell started in the background inherits that Ctrl-C is ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    assert within(120, lambda: any(out.glob("runs/*/metrics.jsonl")) or process.poll() is not None)
    workers = children_of(process.pid)
    assert len(workers) >= 2, process.communicate()[1]
    process.send_signal(number)
    _, told = process.communicate(timeout=60)
    assert process.returncode == code, told
    assert "Traceback" not in told
    assert ("The same command goes on from here." in told) == (number != signal.SIGKILL)
    assert within(10, lambda: not any(map(is_alive, workers))), "a worker outlives the command"

    assert main([*command, "--launcher", "inline"]) == 0
    whole, resumed = (
        pd.read_csv(folder / "records.csv").drop(columns=SITTING)
        for folder in (place / "whole", out)
    )
    pd.testing.assert_frame_equal(whole, resumed)
    assert not [path for path in out.rglob(".*") if path.name.startswith(".partial")]
