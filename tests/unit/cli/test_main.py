"""The front door: help, version, exit codes, no traceback for a user's mistake."""

from collections.abc import Callable
from pathlib import Path

import pytest

from isogloss import __version__
from isogloss.cli import main
from isogloss.cli import main as entry
from isogloss.cli.main import COMMANDS, build_parser
from isogloss.core import InputError, TrainingError


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["--version"])
    assert stopped.value.code == 0
    assert capsys.readouterr().out.strip() == f"isogloss {__version__}"


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_every_command_ends_with_examples(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main([command, "--help"])
    assert stopped.value.code == 0
    assert "examples:" in capsys.readouterr().out


def test_an_unknown_command_is_refused_with_the_nearest(isogloss: Callable[..., object]) -> None:
    code, out, err = isogloss("audt")
    assert (code, out) == (2, "")
    assert "Did you mean `audit`?" in err


def test_no_command_is_refused(isogloss: Callable[..., object]) -> None:
    assert isogloss()[0] == 2


def test_abbreviations_are_refused(isogloss: Callable[..., object]) -> None:
    code, _, err = isogloss("list", "tasks", "--js")
    assert code == 2
    assert "--json" in err


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (InputError(expected="a", found="b", where="c", next_step="d"), 2, "Expected a"),
        (TrainingError("the loss is nan"), 3, "the loss is nan"),
        (KeyboardInterrupt(), 130, "goes on from here"),
        (PermissionError(13, "Permission denied", "f"), 2, "Permission denied"),
    ],
)
def test_exit_codes(
    error: BaseException,
    code: int,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(_: object) -> int:
        raise error

    monkeypatch.setattr("isogloss.cli.list.run", fail)
    assert entry(["list", "tasks"]) == code
    shown = capsys.readouterr().err
    assert said in shown
    assert "Traceback" not in shown


def test_the_parser_of_a_command_knows_its_arguments(tmp_path: Path) -> None:
    args = build_parser("report").parse_args(["report", str(tmp_path)])
    assert args.study == tmp_path
