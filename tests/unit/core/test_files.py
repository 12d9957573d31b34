"""Files are whole or absent."""

import errno
import os
from pathlib import Path

import pytest
from safetensors import SafetensorError

from isogloss.core import (
    InputError,
    digests_of,
    first_changed,
    flush_folder,
    folder_beside,
    is_sealed,
    read_json,
    refuse_unwritable,
    remove_partial,
    replacing,
    sealed,
    write_atomically,
)
from isogloss.core.files import file_digest


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


def test_a_full_disk_that_a_library_wraps_is_said_too(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No space left on device"), refuse_unwritable(tmp_path):
        raise SafetensorError("I/O error: No space left on device (os error 28)")


def test_the_file_and_its_name_are_on_the_disk_before_the_next_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    real = os.fsync

    def fsync(handle: int) -> None:
        path = Path(os.readlink(f"/proc/self/fd/{handle}"))
        content = path.read_text() if path.is_file() else str((tmp_path / "a").is_file())
        steps.append(content)
        real(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    write_atomically(tmp_path / "a", "content")
    assert steps == ["content", "True"], "the file, the rename, the folder"


def test_a_file_system_without_fsync_of_folders(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fsync(handle: int) -> None:
        if Path(os.readlink(f"/proc/self/fd/{handle}")).is_dir():
            raise OSError(errno.EINVAL, "Invalid argument")

    monkeypatch.setattr(os, "fsync", fsync)
    write_atomically(tmp_path / "a", "content")
    flush_folder(tmp_path)
    assert (tmp_path / "a").read_text() == "content"


def test_nothing_is_left_of_what_failed(tmp_path: Path) -> None:
    write_atomically(tmp_path / "a", "old")
    with pytest.raises(KeyError), replacing(tmp_path / "a") as partial:
        partial.write_text("half")
        raise KeyError
    with pytest.raises(KeyError), folder_beside(tmp_path / "b") as folder:
        (folder / "half").write_text("half")
        raise KeyError
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"a": "old"}


def test_what_a_kill_leaves_is_removed_and_nothing_else(tmp_path: Path) -> None:
    mine = tmp_path / "runs" / ".partially-mine"
    mine.parent.mkdir()
    mine.write_text("mine")
    outside = tmp_path / "outside"
    outside.mkdir()
    with replacing(tmp_path / "runs" / "a") as file, folder_beside(tmp_path / "b") as folder:
        (folder / "link").symlink_to(outside)
        remove_partial(tmp_path)
        assert not file.exists()
        assert not folder.exists()
        file.write_text("")
    assert outside.is_dir()
    assert mine.read_text() == "mine"


def test_a_changed_or_missing_file_is_found(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    files = [tmp_path / "a", tmp_path / "sub" / "b"]
    for path in files:
        path.write_bytes(b"content")
    digests = digests_of(tmp_path, files)
    assert digests["sub/b"] == file_digest(files[1])
    assert first_changed(tmp_path, digests) is None
    files[1].write_bytes(b"Content")
    assert first_changed(tmp_path, digests) == files[1]
    files[0].unlink()
    assert first_changed(tmp_path, digests) == files[0]


def test_content_holds_its_own_digest() -> None:
    content = {"numbers": (1, 2.5), "names": {1: "one"}}
    assert is_sealed(sealed(content))
    assert is_sealed(
        {"numbers": [1, 2.5], "names": {"1": "one"}, "digest": sealed(content)["digest"]}
    )
    assert not is_sealed({**sealed(content), "numbers": [1, 2.6]})
    assert is_sealed({"never": "sealed"})


def read(path: Path) -> dict[str, object]:
    return read_json(path, what="our file", next_step="Make it again.")


def test_content(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"a": [1, "ये"]}', encoding="utf-8")
    assert read(tmp_path / "a.json") == {"a": [1, "ये"]}


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[1]", b"null", b"3", b"\xff{}", b"[" * 100_000, b'{"a": 1} x']
)
def test_damage(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"our file.*a damaged file.*Make it again") as refused:
        read(path)
    assert refused.value.where == str(path)


def test_none(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read(tmp_path / "a.json")
    with pytest.raises(InputError, match="directory"):
        read(tmp_path)
