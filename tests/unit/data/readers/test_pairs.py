"""Translation pairs are two columns, and every other line is named."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isogloss.core import InputError
from isogloss.data.readers import DataWarning, Reading, SourceFile, read_aligned, read_pairs


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


@pytest.mark.parametrize(
    ("header", "swapped"),
    [("en\tsw", False), ("eng\tswh", False), ("Swahili\tEnglish", True), ("source\ttarget", False)],
)
def test_a_header_is_no_pair_and_says_the_order(tmp_path: Path, header: str, swapped: bool) -> None:
    found = list(read_pairs(write(tmp_path, f"{header}\nhere\tthere\n")))
    assert found == [("there", "here") if swapped else ("here", "there")]


def test_more_columns_need_names_or_numbers(tmp_path: Path) -> None:
    named = write(tmp_path, "id\tsw\ten\n1\tmoja\tone\n")
    assert list(read_pairs(named)) == [("one", "moja")]
    bare = write(tmp_path, "one\tmoja\tCC-BY\n")
    with pytest.raises(InputError, match=r"columns: {first: 1, second: 2}"):
        list(read_pairs(bare))
    numbers = Reading(columns={"first": 1, "second": 2})
    assert list(read_pairs(bare, reading=numbers)) == [("one", "moja")]


def test_a_line_with_the_name_of_one_language_is_refused_until_said(tmp_path: Path) -> None:
    file = write(tmp_path, "English\tKiingereza\na\tb\n")
    with pytest.raises(InputError, match="`header: true` or `header: false`"):
        list(read_pairs(file))
    assert len(list(read_pairs(file, reading=Reading(header=False)))) == 2
    assert len(list(read_pairs(file, reading=Reading(header=True)))) == 1


def test_blank_sides_are_named_together_or_skipped(tmp_path: Path) -> None:
    file = write(tmp_path, "a\tb\nc\t \nd\te\n\tf\n")
    with pytest.raises(InputError, match="2 such places: line 2, 4"):
        list(read_pairs(file))
    with pytest.warns(DataWarning, match="2 of 4 examples were broken and skipped"):
        assert list(read_pairs(file, reading=Reading(skip=True))) == [("a", "b"), ("d", "e")]


def test_prefix_and_limit(tmp_path: Path) -> None:
    file = write(tmp_path, "news\ta\tb\nchat\tc\td\nnews\te\tf\nnews\tg\th\n")
    columns = {"first": 2, "second": 3}
    reading = Reading(columns=columns, prefix=(1, "news"), limit=2)
    assert list(read_pairs(file, reading=reading)) == [("a", "b"), ("e", "f")]


def aligned(folder: Path, first: str, second: str) -> tuple[SourceFile, SourceFile]:
    (folder / "x.en").write_text(first, encoding="utf-8")
    (folder / "x.sw").write_text(second, encoding="utf-8")
    return SourceFile(folder / "x.en", "eng-Latn"), SourceFile(folder / "x.sw", "swa-Latn")


def test_two_files_are_read_line_by_line(tmp_path: Path) -> None:
    files = aligned(tmp_path, "a\n\nc\n", "b\n\nd\n")
    assert list(read_aligned(*files)) == [("a", "b"), ("c", "d")]
    assert list(read_aligned(*files, reading=Reading(limit=1))) == [("a", "b")]


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        ("a\nb\n", "a\n", r"more than in x.sw. Where: .*x.en, line 2 .eng-Latn"),
        ("a\n", "a\nb\n", r"more than in x.en. Where: .*x.sw, line 2 .swa-Latn"),
        ("a\n\n", "b\nc\n", r"two sentences.*x.en, line 2"),
        ("\n", "\n", "at least one translation pair"),
    ],
)
def test_files_that_are_not_aligned_are_refused(
    tmp_path: Path, first: str, second: str, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        list(read_aligned(*aligned(tmp_path, first, second)))


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
