"""Column files: tabs or spaces, two columns or more, tokens as they stand."""

from pathlib import Path

import pytest

from isogloss.core import InputError
from isogloss.data.readers import (
    DataWarning,
    NumberedSentence,
    Reading,
    SourceFile,
    read_tagged,
)
from isogloss.data.readers.columns import read_columns
from isogloss.data.readers.layout_search import find_layout
from isogloss.data.readers.reading import Account


def read(
    folder: Path, content: str, reading: Reading | None = None, *, entities: bool = True
) -> list[NumberedSentence]:
    path = folder / "sw.train.txt"
    path.write_bytes(content.encode())
    file, reading = SourceFile(path, "swa-Latn"), reading or Reading()
    account = Account(file.at(), reading)
    found = list(read_columns(file, find_layout(file, reading, entities=entities), account))
    account.close(len(found))
    return [one._replace(identifier="") for one in found]


def test_tab_and_space_files_give_the_same(tmp_path: Path) -> None:
    expected = [
        ((1, 2), ("Nairobi", "ni"), ("B-LOC", "O"), ""),
        ((4,), ("''",), ("O",), ""),
    ]
    assert read(tmp_path, "Nairobi\tB-LOC\nni\tO\n\n''\tO\n") == expected
    assert read(tmp_path, "Nairobi B-LOC\nni O\n\n'' O") == expected


def test_the_middle_column_is_passed_over(tmp_path: Path) -> None:
    assert read(tmp_path, "ಕ್\tಕ ್\tB-LOC\n") == [((1,), ("ಕ್",), ("B-LOC",), "")]
    assert read(tmp_path, "EU NNP B-NP B-ORG\n") == [((1,), ("EU",), ("B-ORG",), "")]


@pytest.mark.parametrize("token", ["a\u00a0b", "\u2028", "a\u3000b", "#", '"', "\ufeff"])
def test_a_token_may_hold_other_kinds_of_space(tmp_path: Path, token: str) -> None:
    for separator in " \t":
        content = f"x{separator}O\n{token}{separator}O\n"
        if token.strip():
            assert read(tmp_path, content)[0].tokens == ("x", token)


def test_a_tab_file_may_have_spaces_in_tokens(tmp_path: Path) -> None:
    assert read(tmp_path, "New York\tPROPN\n", entities=False)[0].tokens == ("New York",)


def test_blank_lines_may_repeat_and_hold_white_space(tmp_path: Path) -> None:
    sentences = read(tmp_path, "\n\na O\n \n\t\nb O\n\n\n")
    assert [(one.lines, one.tokens) for one in sentences] == [((3,), ("a",)), ((6,), ("b",))]


def test_lines_are_counted_past_comments_and_ranges(tmp_path: Path) -> None:
    content = "# text = x\n1-2\tab\t_\n1\ta\tB-LOC\n# note = y\n2\tb\tO\n"
    assert read(tmp_path, content) == [((3, 5), ("a", "b"), ("B-LOC", "O"), "")]


@pytest.mark.parametrize("line", ["-DOCSTART- O", "-DOCSTART-", "-DOCSTART- -X- O O"])
def test_docstart_lines_divide_and_are_passed_over(tmp_path: Path, line: str) -> None:
    sentences = read(tmp_path, f"{line}\n\na O\n{line}\nb O\n")
    assert [one.tokens for one in sentences] == [("a",), ("b",)]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("alone", "1: 'alone'"),
        ("a b O", "3: 'a b O'"),
        (" O", "an empty token in column 1"),
        ("a ", "an empty tag in column 2"),
    ],
)
def test_a_broken_line_is_named(tmp_path: Path, line: str, found: str) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, f"x O\n\n{line}\n\ny O\n")
    assert "sw.train.txt, line 3 (swa-Latn)" in str(caught.value)
    assert found in str(caught.value)


def test_all_broken_sentences_are_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="2 such places: line 3, 7"):
        read(tmp_path, "x O\n\nalone\n\ny O\n\na b O\n")


def test_broken_sentences_are_left_out_on_request_and_counted(tmp_path: Path) -> None:
    with pytest.warns(DataWarning, match="1 of 3 examples were broken and skipped.*line 4"):
        sentences = read(tmp_path, "x O\n\na O\nalone\n\ny O\n", Reading(skip=True))
    assert [one.tokens for one in sentences] == [("x",), ("y",)]


@pytest.mark.parametrize("content", ["", "\n\n", "-DOCSTART- O\n"])
def test_a_file_without_sentences_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(InputError, match="at least one tagged sentence"):
        read(tmp_path, content)


def test_sentences_are_known_by_their_place(tmp_path: Path) -> None:
    path = tmp_path / "x.tsv"
    path.write_text("a\tNOUN\n\nb\tVERB\nc\tNOUN\n", "utf-8")
    found = read_tagged(SourceFile(path), entities=False)
    assert [one.identifier for one in found] == ["#1", "#2"]
