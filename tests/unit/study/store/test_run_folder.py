from collections.abc import Callable
from pathlib import Path

import pytest

from isogloss.core import InputError
from isogloss.study.store.run_folder import RunFolder, remove_damaged, run_folder


def test_where_a_run_keeps_its_files(tmp_path: Path) -> None:
    folder = run_folder(tmp_path, "one")
    assert folder.path == tmp_path / "runs" / "one"
    assert folder.model == folder.path / "model"


def test_a_run_is_finished_when_its_result_is_there(tmp_path: Path) -> None:
    folder = run_folder(tmp_path, "one")
    assert not folder.is_finished()
    folder.write_status("running")
    assert not folder.is_finished()
    folder.result.write_text('{"updates": 3}')
    assert folder.is_finished()
    assert folder.read_result() == {"updates": 3}


def test_the_status_is_one_line(tmp_path: Path) -> None:
    folder = run_folder(tmp_path, "one")
    folder.write_status("running")
    folder.write_status("done")
    assert (folder.path / "status").read_text() == "done\n"


def finished(study: Path) -> RunFolder:
    folder = run_folder(study, "one")
    (folder.path / "measured").mkdir(parents=True)
    folder.model.mkdir()
    for name in (*KEPT, *MODEL, *BESIDE):
        (folder.path / name).write_bytes(f"content of {name}".encode())
    folder.finish({"updates": 3})
    return folder


KEPT = ("spec.yaml", "predictions.parquet", "metrics.jsonl", "measured/conflict.parquet")
MODEL = ("model/config.json", "model/model.safetensors")
BESIDE = ("status",)
DAMAGES: dict[str, Callable[[Path], object]] = {
    "cut short": lambda path: path.write_bytes(path.read_bytes()[:-1]),
    "emptied": lambda path: path.write_bytes(b""),
    "other bytes": lambda path: path.write_bytes(bytes(len(path.read_bytes()))),
    "gone": Path.unlink,
}


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("name", [*KEPT, *MODEL, *BESIDE, "result.json"])
def test_a_damaged_file_of_a_finished_run_is_found(name: str, damage: str, tmp_path: Path) -> None:
    folder = finished(tmp_path)
    assert folder.damaged(model=False) is folder.damaged(model=True) is None
    DAMAGES[damage](folder.path / name)
    found = folder.path / name
    if name in BESIDE:
        assert folder.damaged(model=False) is folder.damaged(model=True) is None
    elif name in MODEL:
        assert folder.damaged(model=False) is None  # removed to save space, nothing else needs it
        assert folder.damaged(model=True) == found
    elif name != "result.json":
        assert (folder.damaged(model=False), folder.damaged(model=True)) == (found, None)
    elif damage != "gone":  # a run without a result is not finished
        assert folder.damaged(model=False) == folder.damaged(model=True) == found


def test_a_damaged_run_is_removed_and_refused(tmp_path: Path) -> None:
    folder = finished(tmp_path)
    assert remove_damaged(tmp_path, ["one", "none"], model=False) == []
    (folder.path / KEPT[0]).unlink()
    with pytest.raises(InputError, match="spec"):
        folder.refuse_damaged(model=False)
    [told] = remove_damaged(tmp_path, ["one", "none"], model=False)
    assert "`spec.yaml`" in told
    assert not folder.path.exists()


def test_a_run_that_noted_no_digests_is_taken_as_it_is(tmp_path: Path) -> None:
    folder = run_folder(tmp_path, "one")
    folder.path.mkdir(parents=True)
    folder.result.write_text('{"updates": 3}')
    assert folder.damaged(model=False) is None
