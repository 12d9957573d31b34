import json
from pathlib import Path

import pytest

from isogloss.cli import main
from unit.models.test_trimming import body


@pytest.fixture
def command(tmp_path: Path) -> list[str]:
    (tmp_path / "text.txt").write_text("word7 word11 word90\nword11 nowhere\n")
    model = str(body(tmp_path / "body"))
    return ["trim", model, "--text", str(tmp_path / "text.txt"), "--out", str(tmp_path / "new")]


def test_sizes_before_and_after(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(command) == 0
    shown = capsys.readouterr().out
    assert "before" in shown
    assert "tokens" in shown
    assert "text: 5 tokens, cut as before; 1 of them unknown" in shown
    assert max(map(len, shown.splitlines())) <= 100
    assert (Path(command[-1]) / "tokenizer.json").is_file()


def test_json(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*command, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["before"]["tokens"] == 100
    assert told["after"]["tokens"] == 5 + 3
    assert (told["text_tokens"], told["unknown"]) == (5, 1)
    assert main([*command, "--json"]) == 2, "nothing is written over"


def test_help_has_examples(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["trim", "--help"])
    assert "isogloss trim my-encoder --text my-texts" in capsys.readouterr().out
