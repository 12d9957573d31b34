"""Translation pairs are two columns, and every other line is named."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isogloss.core import InputError
from isogloss.data.readers import SourceFile, read_pairs


def write(folder: Path, content: str | bytes) -> SourceFile:
    path = folder / "en-sw.dev.tsv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return SourceFile(path, "eng-Latn+swa-Latn")


def test_pairs_are_read_in_order_and_as_they_stand(tmp_path: Path) -> None:
    assert list(read_pairs(write(tmp_path, 'a "b"\tc\n\nd \te\n'))) == [
        ('a "b"', "c"),
        ("d ", "e"),
    ]


@pytest.mark.parametrize("line", ["one column", "a\tb\tc", "a\t", "\tb", "a\t "])
def test_other_columns_are_refused_with_their_line(tmp_path: Path, line: str) -> None:
    with pytest.raises(InputError, match=r"line 3 \(eng-Latn\+swa-Latn\)"):
        list(read_pairs(write(tmp_path, f"a\tb\n\n{line}\n")))


def test_a_file_without_pairs_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="at least one translation pair"):
        list(read_pairs(write(tmp_path, "\n")))


@given(content=st.binary(max_size=100) | st.text("ab\t\n ", max_size=60).map(str.encode))
def test_any_bytes_are_pairs_or_an_input_error(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    file = write(tmp_path_factory.getbasetemp(), content)
    try:
        pairs = list(read_pairs(file))
    except InputError:
        return
    assert all(first.strip() and second.strip() for first, second in pairs)
