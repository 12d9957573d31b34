from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from isogloss.core import InputError
from isogloss.study.store.run_folder import RunFolder, remove_damaged, run_folder, write_frame


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


FRAME = pd.DataFrame({"language": ["swa-Latn", "tel-Telu"], "value": [0.1 + 0.2, float("nan")]})


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_a_table_comes_back_whole(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / "new" / f"table.{suffix}"
    write_frame(FRAME, path)
    read = pd.read_csv(path) if suffix == "csv" else pd.read_parquet(path)
    pd.testing.assert_frame_equal(read, FRAME, check_exact=True, check_dtype=False)
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_a_table_without_rows_keeps_its_columns(tmp_path: Path) -> None:
    write_frame(FRAME[:0], tmp_path / "table.csv")
    assert list(pd.read_csv(tmp_path / "table.csv")) == ["language", "value"]


def test_no_cell_of_a_csv_file_is_a_formula_and_numbers_stay_numbers(tmp_path: Path) -> None:
    starts = ["=cmd()", "+1+1", "-x", "@sum", "\tx", "fine-tuned", "a=b"]
    frame = pd.DataFrame({"text": starts, "number": [-1.5, 2, 3, 4, 5, 6, 7]})
    write_frame(frame, tmp_path / "a.csv")
    read = pd.read_csv(tmp_path / "a.csv")
    assert read["text"].tolist() == [f"'{one}" for one in starts[:5]] + starts[5:]
    assert read["number"].tolist() == frame["number"].tolist()
