"""A disk that takes no more, in the system call itself: told, nothing of before lost, resumable.

A limit on the size of files stands for the disk: it works everywhere, without a device.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
import yaml

from unit.study import toys

resource = pytest.importorskip("resource", reason="limits of a process are of Unix")

CONTENT = toys.content(
    seeds=[0], pretraining={"updates": 2, "rows": 4, "length": 24, "dev_points": 1}
)
RUN = ["run", "study.yaml", "--data", "data", "--out", "out", "--launcher", "inline"]
# What differs from one sitting to another.
SITTING = ["wall_s", "peak_memory_mb"]


def isogloss(place: Path, *words: str, largest: int | None = None) -> tuple[int, str]:
    """Run a command, with files of at most so many bytes; return its code and what it said."""

    def limit() -> None:
        if largest is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))

    done = subprocess.run(
        [sys.executable, "-m", "isogloss", *words],
        cwd=place,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        capture_output=True,
        text=True,
        preexec_fn=limit,
        timeout=300,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("full")
    toys.write_bed(folder / "data", "conflict")
    (folder / "study.yaml").write_text(yaml.safe_dump(CONTENT))
    code, told = isogloss(folder, *RUN)
    assert code == 0, told
    return folder


def content(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name not in (".lock", ".owner", ".runs.lock", "status")
    }


def size(finished: Path, pattern: str) -> int:
    return max(path.stat().st_size for path in (finished / "out").glob(pattern))


@pytest.mark.parametrize(
    ("full", "gone", "command"),
    [
        ("prepared/text/*.tokens", ("prepared", "runs", "*.csv", "*.json"), RUN),
        ("runs/*/model/model.safetensors", ("runs", "*.csv", "*.json", "*.parquet"), RUN),
        ("records.csv", (), RUN),
        ("report.html", (), ["report", "out"]),
    ],
)
def test_a_full_disk_is_told_and_the_same_command_goes_on(
    full: str, gone: tuple[str, ...], command: list[str], finished: Path, tmp_path: Path
) -> None:
    place = Path(shutil.copytree(finished, tmp_path / "place"))
    for pattern in gone:
        for path in (place / "out").glob(pattern):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    before = content(place / "out")
    code, told = isogloss(place, *command, largest=size(finished, full) - 1)
    assert code == 2, told
    assert "Traceback" not in told
    assert "File too large" in told
    assert "What was finished before is kept" in told
    after = content(place / "out")
    assert not [name for name in after if ".partial" in name]
    lost = [name for name in before if name not in after or len(after[name]) < len(before[name])]
    assert not lost
    code, told = isogloss(place, *command)
    assert code == 0, told
    whole, resumed = (
        pd.read_csv(folder / "out" / "records.csv").drop(columns=SITTING)
        for folder in (finished, place)
    )
    pd.testing.assert_frame_equal(whole, resumed)
    assert (place / "out" / "report.html").is_file()
