"""Shared options and the printing of answers."""

import json

import pandas as pd
import pytest

from isogloss.cli.arguments import Parser
from isogloss.cli.options import (
    add_launch_options,
    command_line,
    frame_records,
    parse_languages,
    print_json,
    print_table,
)
from isogloss.core import InputError


def test_languages_by_any_alias() -> None:
    assert [str(one) for one in parse_languages("en, swa,tel-Telu")] == [
        "eng-Latn",
        "swa-Latn",
        "tel-Telu",
    ]


@pytest.mark.parametrize("text", ["en,eng", "en,jap", "", "en,,sw"])
def test_bad_lists_are_refused(text: str) -> None:
    with pytest.raises(InputError, match="--languages"):
        parse_languages(text)


def test_workers_default_to_the_cores_and_out_is_asked_for() -> None:
    parser = Parser(prog="x")
    add_launch_options(parser)
    assert parser.parse_args(["--out", "o"]).workers >= 1
    with pytest.raises(InputError, match="--out"):
        parser.parse_args([])


def test_missing_figures_are_null_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    print_json(frame_records(pd.DataFrame({"a": [1.5, None]})))
    assert json.loads(capsys.readouterr().out) == [{"a": 1.5}, {"a": None}]


def test_a_table_shows_markup_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    print_table("t", pd.DataFrame({"name": ["[red]x[/red]", None], "value": [0.12345, 2.0]}))
    shown = capsys.readouterr().out
    assert "[red]x[/red]" in shown
    assert "0.1234" in shown or "0.1235" in shown
    assert " - " in shown


def test_the_command_line_is_quoted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["/bin/isogloss", "run", "my study.yaml"])
    assert command_line() == "isogloss run 'my study.yaml'"
