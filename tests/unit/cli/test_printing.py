"""What came in with data cannot drive the terminal."""

import pytest

from isogloss.cli.printing import duration, say


def test_escapes_are_shown_and_not_obeyed(capsys: pytest.CaptureFixture[str]) -> None:
    say("label \x1b[2J\x1b]0;title\x07")
    say("file \x9b31m", aside=True)
    told = capsys.readouterr()
    assert told.out == "label \\x1b[2J\\x1b]0;title\\x07\n"
    assert told.err == "file \\x9b31m\n"


def test_our_own_styles_stay(capsys: pytest.CaptureFixture[str]) -> None:
    say("\x1b[1mbold\x1b[0m", is_safe=True)
    assert capsys.readouterr().out == "\x1b[1mbold\x1b[0m\n"


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(-3, "0 s"), (0.4, "0 s"), (59.4, "59 s"), (89, "1 min"), (3599, "1 h"), (7300, "2 h 2 min")],
)
def test_hours_are_hours_and_nothing_is_less_than_nothing(seconds: float, told: str) -> None:
    assert duration(seconds) == told


def test_days() -> None:
    assert duration(86_400 * 3) == "3 d"
