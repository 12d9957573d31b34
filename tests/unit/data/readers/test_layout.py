"""A layout divides lines, and knows comments from words."""

import pytest

from isogloss.data.readers.layout import Layout, divided, has_letter, unquoted


@pytest.mark.parametrize(
    ("line", "divider", "fields"),
    [
        ("a\tb c\td", "tab", ["a", "b c", "d"]),
        ("a\u00a0b O", "space", ["a\u00a0b", "O"]),
        ("a   NN  O ", "spaces", ["a", "NN", "O"]),
        (" O", "spaces", ["", "O"]),
    ],
)
def test_lines_are_divided(line: str, divider: str, fields: list[str]) -> None:
    assert divided(line, divider) == fields


@pytest.mark.parametrize(
    ("field", "expected"),
    [('"a"', "a"), ('""""', '"'), ('"', '"'), ("a", "a"), ('"a"b"', '"a"b"'), ('""', "")],
)
def test_quotation_marks_of_csv_are_undone(field: str, expected: str) -> None:
    assert unquoted(field) == expected


@pytest.mark.parametrize(
    ("line", "first", "expected"),
    [
        ("# id 7", True, True),
        ("# id 7", False, False),
        ("#", True, True),
        ("# key = value of it", False, True),
        ("# O", True, False),
        ("# B-RARE", True, False),
        ("# X", True, True),
        ("# X", False, False),
        ("a O", True, False),
    ],
)
def test_comments(line: str, *, first: bool, expected: bool) -> None:
    layout = Layout("space", 2, tags=frozenset(["O"]))
    assert layout.is_comment(line, first=first) is expected


def test_numbers_of_several_words_are_ranges() -> None:
    layout = Layout("tab", 3, token=1, tag=2, number=0)
    assert [layout.is_range([number, "a", "_"]) for number in ("3", "3-4", "3.1")] == [
        False,
        True,
        True,
    ]
    assert layout.is_range(["3-4", "a", "O"])
    assert not layout.is_range(["3.1", "a", "O"])
    assert not Layout("tab", 3).is_range(["3-4", "a", "_"])


@pytest.mark.parametrize(
    ("word", "expected"), [("a1", True), ("ಕ್", True), ("۷", False), ("...", False), ("", False)]
)
def test_letters(word: str, *, expected: bool) -> None:
    assert has_letter(word) is expected
