import os
import subprocess
import sys
from pathlib import Path

import pytest

from isogloss.core import InputError
from isogloss.study.store.lock import study_lock, writing_run
from unit.study import toys

SPEC = toys.spec()
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
            study_lock(tmp_path, SPEC),
        ):
            pass
        assert refused.value.where == str(tmp_path)
        # The system frees the lock of a process that is killed; its name stays behind and is false.
        holder.kill()
        holder.wait()
        with study_lock(tmp_path, SPEC):
            assert (tmp_path / ".owner").read_text() == str(os.getpid())


def test_the_same_process_cannot_hold_it_twice(tmp_path: Path) -> None:
    with (
        study_lock(tmp_path, SPEC),
        pytest.raises(InputError, match=f"process {os.getpid()}"),
        study_lock(tmp_path, SPEC),
    ):
        pass


def test_it_is_free_after_an_error(tmp_path: Path) -> None:
    with pytest.raises(KeyError), study_lock(tmp_path / "new" / "study", SPEC):
        raise KeyError
    assert not (tmp_path / "new" / "study" / ".owner").exists()
    with study_lock(tmp_path / "new" / "study", SPEC):
        pass


def test_a_place_that_cannot_be_a_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match=r"folder|written"), study_lock(tmp_path / "file", SPEC):
        pass


RUN = """
import sys
from pathlib import Path
from isogloss.study.store.lock import writing_run
with writing_run(Path(sys.argv[1])):
    print("writing", flush=True)
    sys.stdin.read()
"""


def test_nobody_writes_beside_a_process_that_was_left_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("isogloss.study.store.lock._PATIENCE_S", 0.2)
    with subprocess.Popen(
        [sys.executable, "-c", RUN, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "writing\n"
        with (
            pytest.raises(InputError, match="another command left behind"),
            study_lock(tmp_path, SPEC),
        ):
            pass
        writer.kill()
        writer.wait()
        with study_lock(tmp_path, SPEC), writing_run(tmp_path), writing_run(tmp_path):
            pass


def test_what_killed_processes_left_half_written_is_removed(tmp_path: Path) -> None:
    with study_lock(tmp_path, SPEC):
        pass
    run = tmp_path / "runs" / "one"
    (run / ".partial-model.abc").mkdir(parents=True)
    (run / ".partial-model.abc" / "model.safetensors").write_text("half")
    (run / ".partial-result.json.abc").write_text("half")
    (run / "result.json").write_text("whole")
    with study_lock(tmp_path, SPEC):
        assert [path.name for path in run.iterdir()] == ["result.json"]
