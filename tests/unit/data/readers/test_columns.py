"""Column files: tabs or spaces, two columns or more, tokens as they stand."""

from pathlib import Path

import pytest

from isogloss.core import InputError
from isogloss.data.readers import SourceFile, TaggedSentence
from isogloss.data.readers.columns import read_columns


def read(folder: Path, content: str) -> list[tuple[int, TaggedSentence]]:
    path = folder / "sw.train.txt"
    path.write_bytes(content.encode())
    return list(read_columns(SourceFile(path, "swa-Latn")))


def test_tab_and_space_files_give_the_same(tmp_path: Path) -> None:
    expected = [
        (1, TaggedSentence(("Nairobi", "ni"), ("B-LOC", "O"))),
        (4, TaggedSentence(("''",), ("O",))),
    ]
    assert read(tmp_path, "Nairobi\tB-LOC\nni\tO\n\n''\tO\n") == expected
    assert read(tmp_path, "Nairobi B-LOC\nni O\n\n'' O") == expected


def test_the_middle_column_is_passed_over(tmp_path: Path) -> None:
    assert read(tmp_path, "ಕ್\tಕ ್\tB-LOC\n")[0][1] == TaggedSentence(("ಕ್",), ("B-LOC",))
    assert read(tmp_path, "EU NNP B-NP B-ORG\n")[0][1] == TaggedSentence(("EU",), ("B-ORG",))


@pytest.mark.parametrize("token", ["a\u00a0b", "\u2028", "a\u3000b", "#", '"', "\ufeff"])
def test_a_token_may_hold_other_kinds_of_space(tmp_path: Path, token: str) -> None:
    for separator in " \t":
        content = f"x{separator}O\n{token}{separator}O\n"
        if token.strip():
            assert read(tmp_path, content)[0][1].tokens == ("x", token)


def test_a_tab_file_may_have_spaces_in_tokens(tmp_path: Path) -> None:
    assert read(tmp_path, "New York\tPROPN\n")[0][1].tokens == ("New York",)


def test_blank_lines_may_repeat_and_hold_white_space(tmp_path: Path) -> None:
    sentences = read(tmp_path, "\n\na O\n \n\t\nb O\n\n\n")
    assert [(line, sentence.tokens) for line, sentence in sentences] == [(3, ("a",)), (6, ("b",))]


def test_docstart_lines_are_passed_over(tmp_path: Path) -> None:
    assert [s.tokens for _, s in read(tmp_path, "-DOCSTART- O\n\na O\n")] == [("a",)]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("alone", "1: 'alone'"),
        ("a b O", "3: 'a b O'"),
        (" O", "an empty token"),
        ("a ", "an empty tag"),
    ],
)
def test_a_broken_line_is_named(tmp_path: Path, line: str, found: str) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, f"x O\n\n{line}\n")
    assert "sw.train.txt, line 3 (swa-Latn)" in str(caught.value)
    assert found in str(caught.value)


@pytest.mark.parametrize("content", ["", "\n\n", "-DOCSTART- O\n"])
def test_a_file_without_sentences_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(InputError, match="at least one tagged sentence"):
        read(tmp_path, content)
