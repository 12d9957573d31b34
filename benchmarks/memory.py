"""Memory: an audit's does not grow with the corpus, and what the quickstart takes in all.

    python benchmarks/memory.py [--what audit|quickstart] [--quick] [--megabytes 200] [--out FILE]

`audit`: one language of 200 MB against one of 2 MB. Writes invented text (a file of 2 MB for one
language; of 2 MB, then of 200 MB for the other), runs `isogloss audit` on it in a process of its
own, and looks at the resident memory of the whole process tree twenty times a second. `resident`
is what the system counts; `own` leaves out mapped files, whose pages the system takes back when it
needs them: the encoded text is one. Stages end when their file appears. The text and the study are
deleted afterwards. `quickstart`: the proportional memory of all its processes, once a second.
"""

import argparse
import contextlib
import json
import os
import platform
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from isogloss.core import write_atomically

SMALL_MEGABYTES, LIMIT_MB, INTERVAL_S = 2, 3000, 0.05
QUICKSTART_LIMIT_MB, PROPORTIONAL_INTERVAL_S = 1000, 1.0
BIG, OTHER = "qaa", "qab"
LETTERS = np.array(list("abcdefghijklmnopqrstuvwxyz"))


@dataclass(frozen=True)
class Sample:
    """What the process tree used at one moment; memory in MB, times in seconds."""

    at: float
    cpu_s: float
    resident_mb: float
    own_mb: float


def write_text(path: Path, megabytes: float, seed: int) -> None:
    """Write lines of words whose frequencies follow Zipf's law, about `megabytes` in all."""
    rng = np.random.default_rng(seed)
    lengths = rng.integers(2, 10, 40_000)
    words = np.array(["".join(rng.choice(LETTERS, n)) for n in lengths], dtype=object)
    with path.open("w") as file:
        while file.tell() < megabytes * 1e6:
            ranks = (len(words) ** rng.random((5_000, 20))).astype(int) - 1
            file.write("\n".join(map(" ".join, words[ranks])) + "\n")


class Watch(threading.Thread):
    """Takes samples of a process and all its children until the process ends."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._root = psutil.Process(pid)
        self.samples: list[Sample] = []

    def run(self) -> None:
        """Look until there is nothing to see."""
        while self._root.is_running() and self._root.status() != psutil.STATUS_ZOMBIE:
            with contextlib.suppress(psutil.NoSuchProcess):  # a child ended between two looks
                self.samples.append(self._sample())
            time.sleep(INTERVAL_S)

    def _sample(self) -> Sample:
        tree = [self._root, *self._root.children(recursive=True)]
        memory = [process.memory_info() for process in tree]
        times = [process.cpu_times() for process in tree]
        return Sample(
            time.time(),
            sum(one.user + one.system for one in times),
            sum(one.rss for one in memory) / 1e6,
            sum(one.rss - getattr(one, "shared", 0) for one in memory) / 1e6,
        )


@dataclass(frozen=True)
class Process:
    """One process of a tree at the moment when the tree took most; memory in MB."""

    role: str
    proportional_mb: float
    own_mb: float
    resident_mb: float


def processes(root: psutil.Process) -> list[Process]:
    """Return what each process of a tree takes now; those that ended meanwhile are left out."""
    found = []
    for one in [root, *root.children(recursive=True)]:
        with contextlib.suppress(psutil.NoSuchProcess):
            memory, words = one.memory_full_info(), " ".join(one.cmdline())
            kind = "tracker" if "resource_tracker" in words else "worker"
            role = "command" if one == root else kind
            found.append(Process(role, memory.pss / 1e6, memory.uss / 1e6, memory.rss / 1e6))
    return found


def quickstart(folder: Path) -> dict[str, Any]:
    """Run the quickstart; return what the process tree took at its peak."""
    command = [sys.executable, "-m", "isogloss", "quickstart", "--out", str(folder), "--json"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    root, began = psutil.Process(process.pid), time.time()
    peak: list[Process] = []
    total, at = 0.0, began
    while process.poll() is None:
        now = processes(root)
        if (taken := sum(one.proportional_mb for one in now)) > total:
            total, peak, at = taken, now, time.time()
        time.sleep(PROPORTIONAL_INTERVAL_S)
    if process.returncode:
        raise SystemExit(f"the quickstart failed: {' '.join(command)}")
    return {
        "peak_proportional_mb": total,
        "peak_after_s": at - began,
        "wall_s": time.time() - began,
        "processes": [asdict(one) for one in sorted(peak, key=lambda one: one.role)],
    }


def stage_ends(study: Path) -> dict[str, float]:
    """Return when each stage of a finished study ended, first to last."""
    text = study / "prepared/text"
    files = {
        "fingerprints and tokenizer": study / "prepared/tokenizer/tokenizer.json",
        **{f"encode {path.stem}": path for path in text.glob("*.tokens")},
        "confounds": study / "prepared/facts.json",
        "tables": study / "notes.json",
        "report": study / "report.html",
    }
    for run in (study / "runs").iterdir():
        files[f"train {run.name}"] = run / "model/config.json"
        files[f"evaluate {run.name}"] = run / "result.json"
    ends = {stage: path.stat().st_mtime for stage, path in files.items()}
    return dict(sorted(ends.items(), key=lambda pair: pair[1]))


def stages(study: Path, samples: list[Sample]) -> list[dict[str, Any]]:
    """Return seconds and peaks of each stage."""
    rows, start = [], samples[0].at
    for stage, end in stage_ends(study).items():
        here = [one for one in samples if start <= one.at <= end + INTERVAL_S]
        if here:
            rows.append(
                {
                    "stage": stage,
                    "wall_s": end - start,
                    "cpu_s": here[-1].cpu_s - here[0].cpu_s,
                    "resident_mb": max(one.resident_mb for one in here),
                    "own_mb": max(one.own_mb for one in here),
                }
            )
        start = end
    return rows


def audit(folder: Path, megabytes: float) -> dict[str, Any]:
    """Audit two languages, one of them with `megabytes` of text; return peaks and stages."""
    text, study = folder / "text", folder / "study"
    text.mkdir()
    for seed, (language, size) in enumerate({BIG: megabytes, OTHER: SMALL_MEGABYTES}.items()):
        write_text(text / f"{language}.txt", size, seed)
    options = f"--languages {BIG},{OTHER} --budget updates=20 --seeds 1 --model micro"
    command = [
        *(sys.executable, "-m", "isogloss", "audit", "--text", str(text), "--out", str(study)),
        *options.split(),
        *("--launcher", "inline", "--json"),
    ]
    one_thread = {"OMP_NUM_THREADS": "1", "RAYON_NUM_THREADS": "1"}
    process = subprocess.Popen(
        command, env={**os.environ, **one_thread}, stdout=subprocess.DEVNULL, text=True
    )
    watch = Watch(process.pid)
    watch.start()
    if process.wait():
        raise SystemExit(f"the audit failed: {' '.join(command)}")
    watch.join()
    samples = watch.samples
    return {
        "megabytes": (text / f"{BIG}.txt").stat().st_size / 1e6,
        "options": options,
        "peak_resident_mb": max(one.resident_mb for one in samples),
        "peak_own_mb": max(one.own_mb for one in samples),
        "wall_s": samples[-1].at - samples[0].at,
        "cpu_s": samples[-1].cpu_s,
        "stages": stages(study, samples),
    }


def show(found: dict[str, Any]) -> None:
    peaks = f"peak {found['peak_resident_mb']:.0f} MB, own {found['peak_own_mb']:.0f} MB"
    print(f"\n{found['megabytes']:.0f} MB of text: {peaks}, {found['cpu_s']:.0f} CPU seconds")
    for row in found["stages"]:
        times = f"{row['wall_s']:7.1f} s {row['cpu_s']:7.1f} CPU s"
        print(f"  {row['stage']:<40}{times}{row['resident_mb']:8.0f} MB{row['own_mb']:8.0f} own")


def measure_audits(big: float) -> dict[str, Any]:
    """Audit a small and a big text; say how memory grows."""
    found: dict[str, Any] = {}
    for name, megabytes in {"small": SMALL_MEGABYTES, "big": big}.items():
        with tempfile.TemporaryDirectory() as folder:
            found[name] = audit(Path(folder), megabytes)
        show(found[name])
    growth = found["big"]["peak_own_mb"] / found["small"]["peak_own_mb"]
    found["own_memory_big_to_small"] = growth
    print(f"\nown memory, big to small: {growth:.2f} x; limit {LIMIT_MB} MB resident")
    return found


def measure_quickstart() -> dict[str, Any]:
    """Run the quickstart; say which process takes what."""
    with tempfile.TemporaryDirectory() as folder:
        found = quickstart(Path(folder) / "study")
    peak, limit = found["peak_proportional_mb"], QUICKSTART_LIMIT_MB
    print(f"\nquickstart: peak of all processes {peak:.0f} MB (proportional); limit {limit} MB")
    for row in found["processes"]:
        print(
            f"  {row['role']:<10}{row['proportional_mb']:8.0f} MB{row['own_mb']:8.0f} own", end=""
        )
        print(f"{row['resident_mb']:8.0f} resident")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--what", nargs="+", choices=["audit", "quickstart"], default=["audit"])
    parser.add_argument("--quick", action="store_true", help="20 MB instead of 200")
    parser.add_argument("--megabytes", type=float, default=200, help="size of the large text")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results/memory.json")
    options = parser.parse_args()
    found = json.loads(options.out.read_text()) if options.out.exists() else {}
    found["machine"] = platform.processor() or platform.machine()
    if "audit" in options.what:
        found |= measure_audits(20 if options.quick else options.megabytes)
    if "quickstart" in options.what:
        found["quickstart"] = measure_quickstart()
    write_atomically(options.out, json.dumps(found, indent=2) + "\n")
    audits, quickly = found.get("big", {}), found.get("quickstart", {})
    if "audit" in options.what and audits["peak_resident_mb"] > LIMIT_MB:
        raise SystemExit("over the limit of an audit")
    if "quickstart" in options.what and quickly["peak_proportional_mb"] > QUICKSTART_LIMIT_MB:
        raise SystemExit("over the limit of the quickstart")


if __name__ == "__main__":
    main()
