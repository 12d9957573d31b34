"""Two processes with half of the rows each train as one process with all of them."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file

import toys
from integration import train_toy
from isogloss.training import load_checkpoint, read_metrics

UPDATES = 5


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.skipif(
    torch.cuda.is_available(), reason="two processes would share the GPU; gloo is what is tested"
)
def test_two_processes_equal_one(tmp_path: Path) -> None:
    launcher = ["-m", "torch.distributed.run", "--nproc_per_node", "2"]
    address = ["--master_addr", "127.0.0.1", "--master_port", str(free_port())]
    script = [train_toy.__file__, str(tmp_path / "two"), str(UPDATES)]
    done = subprocess.run(
        [sys.executable, *launcher, *address, *script],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert done.returncode == 0, done.stderr
    with safe_open(tmp_path / "two" / "final.safetensors", framework="pt") as file:
        assert file.metadata() == {"world_size": "2"}
    plan = train_toy.plan(UPDATES)
    one, two = toys.trained(plan, tmp_path / "one"), load_file(tmp_path / "two/final.safetensors")
    assert one.keys() == two.keys()
    for name, value in one.items():
        assert torch.allclose(value, two[name], atol=1e-5, rtol=0), name

    losses = [[row["loss"] for row in read_metrics(tmp_path / name)] for name in ("one", "two")]
    assert losses[1] == pytest.approx(losses[0], abs=1e-5)
    checkpoint = load_checkpoint(tmp_path / "two" / "checkpoint", plan.fingerprint())
    assert checkpoint is not None
    assert checkpoint.update == UPDATES
