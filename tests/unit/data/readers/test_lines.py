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


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:1\n", "git lfs pull"),
        (b"<!DOCTYPE html>\n<html>404</html>\n", "a web page"),
        (b"  <HTML><body>404</body>\n", "a web page"),
        (b"PK\x03\x04abc", "Unpack it"),
        (b"\x1f\x8babc\n", "gunzip"),
        (b"%PDF-1.7\n", "a PDF file"),
        (b"PAR1abc\n", "a Parquet file"),
        ("Habari\n".encode("utf-16"), "iconv -f UTF-16"),
    ],
)
def test_what_stands_in_the_place_of_data_is_named(
    tmp_path: Path, content: bytes, said: str
) -> None:
    with pytest.raises(InputError) as caught:
        list(write(tmp_path, content).lines())
    assert said in str(caught.value)


def test_text_that_speaks_of_such_files_is_text(tmp_path: Path) -> None:
    text = b"The page begins with <!DOCTYPE html>.\nPK is a name.\n"
    assert len(list(write(tmp_path, text).lines())) == 2
