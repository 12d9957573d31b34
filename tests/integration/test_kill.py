"""A run that is killed at any moment goes on as if nothing had happened."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import toys
from integration import train_toy
from isogloss.training import load_checkpoint, read_metrics

UPDATES = 80
SCRIPT = Path(train_toy.__file__)


def start(folder: Path) -> subprocess.Popen[bytes]:
    """Start the training as a process of its own."""
    return subprocess.Popen(
        [sys.executable, str(SCRIPT), str(folder), str(UPDATES)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        stderr=subprocess.PIPE,
    )


def test_killed_at_a_random_update_and_resumed(tmp_path: Path) -> None:
    moment = random.SystemRandom().randint(1, UPDATES // 3)
    process = start(tmp_path)
    deadline = time.monotonic() + 120
    while len(read_metrics(tmp_path)) < moment and process.poll() is None:
        assert time.monotonic() < deadline, "the training did not begin"
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    _, errors = process.communicate()
    assert process.returncode == -signal.SIGKILL, errors.decode()

    plan = train_toy.plan(UPDATES)
    checkpoint = load_checkpoint(tmp_path / "checkpoint", plan.fingerprint())
    reached = 0 if checkpoint is None else checkpoint.update
    assert moment - 1 <= reached < UPDATES
    resumed = toys.trained(plan, tmp_path)
    whole = toys.trained(plan, tmp_path / "whole")
    assert toys.same_bits(resumed, whole), f"killed after update {reached}"
    assert [row["update"] for row in read_metrics(tmp_path)] == list(range(UPDATES))
