"""Labelled texts: with and without header, one text or two."""

import warnings
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isogloss.core import InputError
from isogloss.data.readers import ClassifiedText, DataWarning, SourceFile, read_classified


def write(folder: Path, content: str | bytes) -> SourceFile:
    path = folder / "sw.dev.tsv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return SourceFile(path, "swa-Latn")


def test_three_columns_without_header_are_a_pair(tmp_path: Path) -> None:
    assert read_classified(write(tmp_path, "a\tb\tneutral\nc\td\t0\n"), paired=True) == [
        ClassifiedText("a", "b", "neutral"),
        ClassifiedText("c", "d", "0"),
    ]


def test_two_columns_without_header_are_a_text(tmp_path: Path) -> None:
    assert read_classified(write(tmp_path, "a\tsports\n")) == [ClassifiedText("a", None, "sports")]


def test_a_header_finds_the_columns_by_name(tmp_path: Path) -> None:
    file = write(tmp_path, "index_id\tcategory\ttext\n\n7\tsports\tMpira\n")
    assert read_classified(file) == [ClassifiedText("Mpira", None, "sports")]
    file = write(tmp_path, "label\tsentence2\tsentence1\n1\tb\ta\n")
    assert read_classified(file) == [ClassifiedText("a", "b", "1")]


@pytest.mark.parametrize("header", ["text\tlabel\n", ""])
def test_quotes_that_a_csv_writer_needs_are_undone(tmp_path: Path, header: str) -> None:
    read = read_classified(write(tmp_path, f'{header}"""Hi,"" he said"\tx\n'))
    assert read[0].text == '"Hi," he said'


@pytest.mark.parametrize("text", ['"a" and "b"', '"', '"a', 'a"', '"a"b"', '"Hi, he said."'])
def test_quotes_that_are_no_csv_stay(tmp_path: Path, text: str) -> None:
    assert read_classified(write(tmp_path, f"text\tlabel\n{text}\tx\n"))[0].text == text


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("a\tb", "3 columns"),
        ("a\tb\tc\td", "3 columns"),
        ("a\t \tx", "two texts"),
    ],
)
def test_a_broken_line_is_named(tmp_path: Path, line: str, expected: str) -> None:
    with pytest.raises(InputError) as caught:
        read_classified(write(tmp_path, f"p\th\tneutral\n\n{line}\n"), paired=True)
    assert "sw.dev.tsv, line 3 (swa-Latn)" in str(caught.value)
    assert f"Expected {expected}" in str(caught.value)


@pytest.mark.parametrize("first", ["alone", "a\tb\tc\td", "id\tname\tvalue\tother"])
def test_unknown_columns_are_refused(tmp_path: Path, first: str) -> None:
    with pytest.raises(InputError, match="Add a header line"):
        read_classified(write(tmp_path, f"{first}\n"))


@pytest.mark.parametrize("content", ["", "\n", "text\tlabel\n"])
def test_a_file_without_examples_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(InputError, match="at least one labelled example"):
        read_classified(write(tmp_path, content))


@given(content=st.binary(max_size=100) | st.text('ab\t\n "', max_size=60).map(str.encode))
def test_any_bytes_are_examples_or_an_input_error(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    file = write(tmp_path_factory.getbasetemp(), content)
    try:
        with warnings.catch_warnings(action="ignore", category=DataWarning):
            examples = read_classified(file)
    except InputError:
        return
    assert all(example.text.strip() and example.label for example in examples)
