"""Files are whole or absent."""

import errno
import os
from pathlib import Path

import pytest

from isogloss.core import InputError, refuse_unwritable, write_atomically


def test_writes_text_and_bytes_and_makes_folders(tmp_path: Path) -> None:
    write_atomically(tmp_path / "a" / "b.txt", "ये")
    write_atomically(tmp_path / "a" / "c.bin", b"\x00\xff")
    assert (tmp_path / "a" / "b.txt").read_text(encoding="utf-8") == "ये"
    assert (tmp_path / "a" / "c.bin").read_bytes() == b"\x00\xff"


def test_disk_full_keeps_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "a.txt"
    write_atomically(target, "old")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InputError, match="No space left on device"):
        write_atomically(target, "new")
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_file_in_the_place_of_a_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("mine")
    with pytest.raises(InputError, match="taken"):
        write_atomically(tmp_path / "taken" / "a.txt", "x")
    assert (tmp_path / "taken").read_text() == "mine"


def test_folder_in_the_place_of_a_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="a folder of that name"):
        write_atomically(tmp_path, "x")


def test_other_errors_pass(tmp_path: Path) -> None:
    with pytest.raises(KeyError), refuse_unwritable(tmp_path):
        raise KeyError("not about files")
