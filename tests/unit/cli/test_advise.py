import json
from pathlib import Path

import pytest

from isogloss.cli import main
from unit.study.results.test_advice import text  # noqa: F401


@pytest.fixture
def command(text: Path) -> list[str]:  # noqa: F811
    return ["advise", "--target", "te", "--budget", "1k", "--text", str(text)]


def test_a_table_and_what_to_run(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(command) == 0
    shown = capsys.readouterr().out
    assert "no evidence" in shown
    assert "run first: isogloss audit" in shown
    assert main([*command, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["target"], told["add"]) == ("tel-Telu", {})
    assert len(told["rows"]) == 3


@pytest.mark.parametrize("given", ["0", "5 k", "-3", "1e9", "ten"])
def test_budgets_that_are_none(
    command: list[str], given: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*command, "--budget", given]) == 2
    assert "--budget" in capsys.readouterr().err
