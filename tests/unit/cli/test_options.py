import json

import pandas as pd
import pytest

from isogloss.cli.options import frame_records, parse_languages, print_json
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


HOSTILE = "x\x1b[2J\x9b31m\u202e\ny"


def test_json_holds_the_same_text_without_escapes(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({HOSTILE: "\ud800"})
    shown = capsys.readouterr().out
    assert not set(shown) & set("\x1b\x9b\u202e\ud800")
    assert json.loads(shown) == {HOSTILE: "\ud800"}
