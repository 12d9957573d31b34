import json

import pandas as pd
import pytest

from isogloss.cli.options import frame_records, parse_languages, print_json, print_table
from isogloss.core import InputError


def test_languages() -> None:
    assert [str(one) for one in parse_languages("en, te,qaa")] == [
        "eng-Latn",
        "tel-Telu",
        "qaa-Latn",
    ]


@pytest.mark.parametrize("text", ["en,eng", "en,,sw", "", "en,jap"])
def test_no_languages(text: str) -> None:
    with pytest.raises(InputError, match="Where: --languages"):
        parse_languages(text)


def test_json_keeps_scripts_and_has_no_nan(capsys: pytest.CaptureFixture[str]) -> None:
    frame = pd.DataFrame({"name": ["తెలుగు", None], "value": [0.5, float("nan")]})
    print_json(frame_records(frame))
    shown = capsys.readouterr().out
    assert "తెలుగు" in shown
    assert json.loads(shown)[1] == {"name": None, "value": None}


def test_a_table_shows_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    frame = pd.DataFrame({"label": ["[bold]x[/bold]", None], "value": [0.123456, float("nan")]})
    print_table("Title", frame, caption="Caption")
    shown = capsys.readouterr().out
    assert "[bold]x[/bold]" in shown, "labels are no markup"
    assert "0.1235" in shown
    assert "nan" not in shown
    assert "Title" in shown
    assert "Caption" in shown


def test_rows_stay_whole_in_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    row = {f"column {i}": ["x" * 20] for i in range(10)}
    print_table("Wide", pd.DataFrame(row))
    assert any(line.count("x" * 20) == 10 for line in capsys.readouterr().out.splitlines())


HOSTILE = "x\x1b[2J\x9b31m\u202e\ny"


def test_no_escape_of_a_label_reaches_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(HOSTILE, pd.DataFrame({HOSTILE: [HOSTILE]}), caption=HOSTILE)
    shown = capsys.readouterr().out
    assert shown.count(r"x\x1b[2J\x9b31m\u202e\ny") == 4
    assert not set(shown) & set("\x1b\x9b\u202e")


def test_json_holds_the_same_text_without_escapes(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({HOSTILE: "\ud800"})
    shown = capsys.readouterr().out
    assert not set(shown) & set("\x1b\x9b\u202e\ud800")
    assert json.loads(shown) == {HOSTILE: "\ud800"}
