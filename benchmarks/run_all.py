"""Run every benchmark in its quick form: do they still work, is a ratio far from where it was?

    python benchmarks/run_all.py [--out DIR]

Takes 5 to 10 minutes on a quiet machine. Short measurements scatter, so `benchmarks/results/` is
left alone: run a script by itself, in full, to renew its file. `ground_truth.py`, `conflict.py`
and `time_left.py` are left out, they train for long, and `finetuning.py`, which needs an encoder.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

QUICK: Final[Mapping[str, tuple[str, ...]]] = {
    "training": ("--quick",),
    "adapters": ("--quick",),
    "meta_step": ("--quick",),
    "transfer_systems": ("--quick",),
    "memory": ("--quick",),
    "error_rates": ("--folds", "10"),
    "power": ("--folds", "10"),
    "sequential": ("--folds", "10"),
    "gradients": ("--quick",),
    "monitor": ("--quick",),
    "comparison_models": ("--lines", "60", "--rounds", "2"),
}


def run(name: str, out: Path) -> bool:
    """Run one benchmark; return whether it came to its end."""
    script = Path(__file__).parent / f"{name}.py"
    print(f"\n=== {name} ===", flush=True)
    command = [sys.executable, str(script), *QUICK[name], "--out", str(out / f"{name}.json")]
    one_thread = {**os.environ, "OMP_NUM_THREADS": "1"}  # idle threads of BLAS spin and are counted
    return subprocess.run(command, env=one_thread, check=False).returncode == 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--out", type=Path, help="keep the figures here (default: printed only)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        out = options.out or Path(folder)
        out.mkdir(parents=True, exist_ok=True)
        failed = [name for name in QUICK if not run(name, out)]
    if failed:
        raise SystemExit(f"failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
