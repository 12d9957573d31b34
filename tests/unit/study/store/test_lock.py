import os
import subprocess
import sys
from pathlib import Path

import pytest

from isogloss.core import InputError
from isogloss.study.store.lock import study_lock

HOLD = """
import sys
from pathlib import Path
from filelock import FileLock
with FileLock(Path(sys.argv[1]) / ".lock"):
    (Path(sys.argv[1]) / ".owner").write_text("4711")
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_process_is_refused_and_the_first_named(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with (
            pytest.raises(InputError, match="process 4711 at work") as refused,
            study_lock(tmp_path),
        ):
            pass
        assert refused.value.where == str(tmp_path)
        # The system frees the lock of a process that is killed; its name stays behind and is false.
        holder.kill()
        holder.wait()
        with study_lock(tmp_path):
            assert (tmp_path / ".owner").read_text() == str(os.getpid())


def test_the_same_process_cannot_hold_it_twice(tmp_path: Path) -> None:
    with (
        study_lock(tmp_path),
        pytest.raises(InputError, match=f"process {os.getpid()}"),
        study_lock(tmp_path),
    ):
        pass


def test_it_is_free_after_an_error(tmp_path: Path) -> None:
    with pytest.raises(KeyError), study_lock(tmp_path / "new" / "study"):
        raise KeyError
    assert not (tmp_path / "new" / "study" / ".owner").exists()
    with study_lock(tmp_path / "new" / "study"):
        pass


def test_a_place_that_cannot_be_a_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match=r"folder|written"), study_lock(tmp_path / "file"):
        pass
