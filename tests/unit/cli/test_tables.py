import re
from pathlib import Path

import pandas as pd
import pytest

from isogloss.cli import main
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


def compared() -> pd.DataFrame:
    """Return a comparison with names as long as they come."""
    row = {
        "treatment": "sequential_reptile_other_rate",
        "mixture": "eng-Latn+swa-Latn+tel-Telu+ara-Arab",
        "match": "language",
        "task": "pos-on-pos.pud",
        "source_language": "swa-Latn",
        "target_language": "tel-Telu",
        **dict.fromkeys(("a", "b", "gain", "ci_low", "ci_high", "p_holm"), -0.123456),
    }
    verdicts = ("BETTER", "WORSE", "INCONCLUSIVE", "EQUIVALENT", "UNDERPOWERED")
    return pd.DataFrame([{**row, "verdict": verdict} for verdict in verdicts])


@pytest.mark.parametrize("width", [100, 80])
@pytest.mark.parametrize(
    "command",
    [
        "plan study.yaml --data data --set tasks=[pos]",
        "plan audit --text data --languages qaa,qab,qac --pairs --model micro --budget updates=3",
        "data check data",
        "data check data --largest-overlap 0.01",
        "compare a-study-with-a-name another-study-with-a-longer-name",
    ],
)
def test_every_line_of_an_answer_fits(
    command: str,
    width: int,
    place: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Tables, notes and sentences; and no word is broken."""
    test = place / "data" / "text" / "qab.test.txt"
    test.write_text(test.read_text() + (place / "data" / "text" / "qaa.test.txt").read_text())
    monkeypatch.setattr("isogloss.cli.tables.screen_width", lambda: width)
    monkeypatch.setattr("isogloss.study.compare_studies", lambda *_: compared())
    main(command.split())
    shown = capsys.readouterr().out
    assert widest(shown) <= width
    assert "│" in shown, "it is no table"
    if command.startswith("compare"):
        assert all(name in shown for name in ("INCONCLUSIVE", "sequential_reptile_other_rate"))
    monkeypatch.setattr("isogloss.cli.tables.screen_width", lambda: 10_000)
    main(command.split())
    words, unbroken = (
        set(re.findall(r"[A-Za-z]\w+", one)) for one in (shown, capsys.readouterr().out)
    )
    assert words <= unbroken, "a word is broken"
