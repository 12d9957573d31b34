import json
from pathlib import Path

import pytest

from isogloss.cli import main
from unit.models.test_trimming import body


@pytest.fixture
def command(tmp_path: Path) -> list[str]:
    text = tmp_path / "text"
    text.mkdir()
    for language, first in (("en", 5), ("sw", 50)):
        for split in ("train", "dev"):
            lines = [" ".join(f"word{first + (i * j) % 40}" for j in range(9)) for i in range(12)]
            (text / f"{language}.{split}.txt").write_text("\n".join(lines) + "\n")
    words = ["sharing", str(body(tmp_path / "body")), "--text", str(text)]
    words += ["--languages", "en,sw", "--by", "representation", "--updates", "2", "--rows", "2"]
    return [*words, "--length", "12", "--out", str(tmp_path / "out")]


def test_a_table_a_page_and_what_to_know(
    command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(command) == 0
    shown = capsys.readouterr().out
    assert "feed-forward" in shown
    assert "note: " in shown
    assert (Path(command[-1]) / "sharing.html").is_file()
    assert main([*command, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert {row["language"] for row in told["gates"]} == {"eng-Latn", "swa-Latn"}
    assert len(told["sharing"]) == 4 * 3


def test_density_and_penalty_exclude_one_another(
    command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*command, "--density", "0.4", "--penalty", "1"]) == 2
    assert "either a density" in capsys.readouterr().err
    assert main([*command, "--penalty", "0.5"]) == 0


def test_help_has_examples(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["sharing", "--help"])
    assert "isogloss sharing my-study --out sharing" in capsys.readouterr().out
