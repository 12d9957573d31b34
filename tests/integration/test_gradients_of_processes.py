"""Two processes with half of the rows each find the Gramians, weights and sketches of one."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

import toys
from integration import gradients_toy
from integration.test_processes import free_port


@pytest.mark.skipif(
    torch.cuda.is_available(), reason="two processes would share the GPU; gloo is what is tested"
)
def test_two_processes_equal_one(tmp_path: Path) -> None:
    launcher = ["-m", "torch.distributed.run", "--nproc_per_node", "2"]
    address = ["--master_addr", "127.0.0.1", "--master_port", str(free_port())]
    done = subprocess.run(
        [sys.executable, *launcher, *address, gradients_toy.__file__, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=400,
    )
    assert done.returncode == 0, done.stderr
    two = load_file(tmp_path / "results.safetensors")
    torch.testing.assert_close(
        two["sketches"], gradients_toy.sketched()["sketches"], rtol=1e-3, atol=1e-5
    )
    for name in gradients_toy.TREATMENTS:
        one = toys.trained(gradients_toy.plan(name), tmp_path / f"{name}_alone")
        for key, value in one.items():
            torch.testing.assert_close(two[f"{name}/{key}"], value, atol=2e-4, rtol=0, msg=key)
