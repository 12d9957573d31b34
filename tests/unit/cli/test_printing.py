"""What came in with data cannot drive the terminal."""

import pytest

from isogloss.cli.printing import say


def test_escapes_are_shown_and_not_obeyed(capsys: pytest.CaptureFixture[str]) -> None:
    say("label \x1b[2J\x1b]0;title\x07")
    say("file \x9b31m", aside=True)
    told = capsys.readouterr()
    assert told.out == "label \\x1b[2J\\x1b]0;title\\x07\n"
    assert told.err == "file \\x9b31m\n"


def test_our_own_styles_stay(capsys: pytest.CaptureFixture[str]) -> None:
    say("\x1b[1mbold\x1b[0m", is_safe=True)
    assert capsys.readouterr().out == "\x1b[1mbold\x1b[0m\n"
