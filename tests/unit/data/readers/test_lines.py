"""Lines come with their numbers, and errors name file, line, byte and language."""

from pathlib import Path

import pytest

from isogloss.core import InputError
from isogloss.data.readers import SourceFile, lines


def write(folder: Path, data: bytes) -> SourceFile:
    path = folder / "te.train.txt"
    path.write_bytes(data)
    return SourceFile(path, "tel-Telu")


def test_lines_are_numbered_from_one(tmp_path: Path) -> None:
    assert list(write(tmp_path, b"a\nb").lines()) == [(1, "a"), (2, "b")]


def test_only_the_line_end_is_stripped(tmp_path: Path) -> None:
    text = "  e\u0301 \u00a0\t\u2028 x\x85y \r\n\r\nz\r"
    found = [line for _, line in write(tmp_path, text.encode()).lines()]
    assert found == ["  e\u0301 \u00a0\t\u2028 x\x85y ", "", "z\r"]


def test_a_byte_order_mark_is_no_text(tmp_path: Path) -> None:
    assert list(write(tmp_path, b"\xef\xbb\xbfa\n\xef\xbb\xbfb").lines()) == [
        (1, "a"),
        (2, "\ufeffb"),
    ]


def test_bytes_that_are_not_utf8_are_refused_with_line_and_byte(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        list(write(tmp_path, "నా\n".encode() + b"ab\xffc\n").lines())
    message = str(caught.value)
    assert "te.train.txt, line 2 (tel-Telu)" in message
    assert "byte 0xff at byte 9 of the file" in message
    assert "iconv" in message


def test_a_file_without_line_ends_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "MAX_LINE_BYTES", 8)
    with pytest.raises(InputError, match="line 2"):
        list(write(tmp_path, b"short\nmuch too long").lines())


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "absent", tmp_path):
        with pytest.raises(InputError, match="a file that can be read"):
            list(SourceFile(path).lines())


def test_a_place_without_language_is_only_the_path(tmp_path: Path) -> None:
    assert SourceFile(Path("a.txt")).at(3) == "a.txt, line 3"
    assert SourceFile(Path("a.txt"), "tel-Telu").at() == "a.txt (tel-Telu)"
