import os
from pathlib import Path

import pytest

from isogloss.core import InputError
from isogloss.models.exports.folder import new_folder


@pytest.mark.parametrize("there", [True, False])
def test_a_filled_folder_stands(there: bool, tmp_path: Path) -> None:
    target = tmp_path / "deep" / "model"
    if there:
        target.mkdir(parents=True)
    with new_folder(target) as new:
        (new / "sub").mkdir()
        (new / "sub" / "file").write_text("x")
        assert not (target / "sub").exists()
    assert (target / "sub" / "file").read_text() == "x"
    assert os.listdir(tmp_path / "deep") == ["model"]
    assert target.stat().st_mode & 0o777 == 0o755


def test_a_folder_that_was_not_filled_vanishes(tmp_path: Path) -> None:
    with pytest.raises(KeyError), new_folder(tmp_path / "model") as new:
        (new / "file").write_text("x")
        raise KeyError
    assert os.listdir(tmp_path) == []


def test_a_full_disk_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with (
        pytest.raises(InputError, match="No space left on device"),
        new_folder(tmp_path / "model") as new,
    ):
        (new / "file").write_text("x")
    assert os.listdir(tmp_path) == []


def test_what_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match=r"notes\.txt in it"), new_folder(tmp_path):
        pytest.fail("nothing is begun")
    assert os.listdir(tmp_path) == ["notes.txt"]


def test_a_file_in_the_way_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "model").write_text("mine")
    with pytest.raises(InputError, match="a file of that name"), new_folder(tmp_path / "model"):
        pass
    assert (tmp_path / "model").read_text() == "mine"
