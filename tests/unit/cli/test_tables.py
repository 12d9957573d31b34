import pytest

from isogloss.cli.tables import print_blocks, print_table, say_wrapped

HOSTILE = "x\x1b[2J\x9b31m\u202e\ny"


def widest(shown: str) -> int:
    return max(len(line) for line in shown.splitlines())


def test_a_table_shows_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [
        {"label": "[bold]x[/bold]", "value": 0.123456},
        {"label": None, "value": float("nan")},
    ]
    print_table("Title", rows, caption="Caption")
    shown = capsys.readouterr().out
    assert "[bold]x[/bold]" in shown, "labels are no markup"
    assert "0.1235" in shown
    assert "nan" not in shown
    assert shown.splitlines()[0] == "Title"
    assert shown.splitlines()[-1] == "Caption"


def test_a_table_of_no_rows_is_its_title(capsys: pytest.CaptureFixture[str]) -> None:
    print_table("Title", [])
    assert capsys.readouterr().out == "Title\n"


def test_a_short_row_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    print_table("T", [{f"column {i}": "x" * 10 for i in range(7)}])
    assert any(line.count("x" * 10) == 7 for line in capsys.readouterr().out.splitlines())


def test_the_widest_column_is_broken_between_words(capsys: pytest.CaptureFixture[str]) -> None:
    print_table("T", [{"name": "a_name_that_is_not_broken", "what": "some words " * 20}])
    shown = capsys.readouterr().out
    assert widest(shown) == 100
    assert "a_name_that_is_not_broken" in shown
    assert shown.count("some") == shown.count("words") == 20


@pytest.mark.parametrize("width", [1, 40, 99, 100, 101, 300])
def test_words_that_fit_no_table_stand_in_blocks(
    width: int, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [{"name": "n" * width, "what": "o" * 60, "empty": None}]
    print_table("t" * width, rows, caption="c" * width)
    shown = capsys.readouterr().out
    assert widest(shown) <= 100
    assert shown.count("n") >= width
    assert shown.count("o") == 60
    assert ("│" in shown) == (width < 40)


def test_wide_characters_count_twice(capsys: pytest.CaptureFixture[str]) -> None:
    print_table("T", [{"one": "語" * 30, "two": "語" * 30}])
    assert "│" not in capsys.readouterr().out, "120 columns are no 60"


def test_numbers_stand_to_the_right(capsys: pytest.CaptureFixture[str]) -> None:
    print_table("T", [{"n": 1, "x": "-0.5"}, {"n": 1000, "x": None}])
    assert "│    1 │ -0.5 │" in capsys.readouterr().out


def test_a_block_leaves_out_what_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    print_blocks([{"name": "one", "what": "words " * 30, "options": ""}])
    lines = capsys.readouterr().out.splitlines()
    assert lines[:1] == ["one"]
    assert lines[1].startswith("    what: words words")
    assert lines[2].startswith("      words")
    assert "options" not in "".join(lines)


def test_prose_is_broken_between_words(capsys: pytest.CaptureFixture[str]) -> None:
    say_wrapped("well-known words " * 20)
    shown = capsys.readouterr().out
    assert widest(shown) <= 100
    assert shown.count("well-known") == 20


def test_no_escape_of_a_label_reaches_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(HOSTILE, [{HOSTILE: HOSTILE}], caption=HOSTILE)
    shown = capsys.readouterr().out
    assert shown.count(r"x\x1b[2J\x9b31m\u202e\ny") == 4
    assert not set(shown) & set("\x1b\x9b\u202e")
