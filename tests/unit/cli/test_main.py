"""The door of the command line: help, exit codes, and nothing imported that is not asked for."""

import errno
import os
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from isogloss import __version__
from isogloss.cli import main
from isogloss.cli.main import COMMANDS, build_parser
from isogloss.cli.plan import with_command
from isogloss.core import InputError, TrainingError
from toy_study import write_toy_study

REFUSED = InputError(expected="a", found="b", where="c", next_step="Do d.")


@pytest.mark.parametrize("command", COMMANDS)
def test_help_ends_with_examples_that_parse(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = [command, "check"] if command == "data" else [command]
    with pytest.raises(SystemExit) as ended:
        main([*path, "--help"])
    assert ended.value.code == 0
    shown = capsys.readouterr().out
    examples = re.findall(r"^  isogloss (.+)$", shown.split("examples:")[1], re.MULTILINE)
    assert examples
    for example in examples:
        words = example.partition("   #")[0].partition(" >")[0].replace("'", "").split()
        arranged = with_command(words) if command == "plan" else words
        assert build_parser(command).parse_args(arranged).command == command


def test_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    shown = capsys.readouterr().out
    assert all(re.search(rf"^    {command}\s", shown, re.MULTILINE) for command in COMMANDS)
    assert "exit codes" in shown


def test_version_as_a_module() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "isogloss", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout == f"isogloss {__version__}\n"


def test_looking_up_help_needs_no_torch() -> None:
    code = "import sys; from isogloss.cli import main; main(['report', 'none']); " + (
        "sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (REFUSED, 2, "isogloss: Expected a. Found b. Where: c. Do d.\n"),
        (TrainingError("The loss is nan."), 3, "isogloss: The loss is nan.\n"),
        (KeyboardInterrupt(), 130, "isogloss: stopped. The same command goes on from here.\n"),
    ],
)
def test_exit_codes(
    error: BaseException,
    code: int,
    message: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(_: object) -> int:
        raise error

    monkeypatch.setattr(import_module("isogloss.cli.list"), "run", fail)
    assert main(["list", "tasks"]) == code
    told = capsys.readouterr()
    assert (told.out, told.err) == ("", message)


def test_what_the_system_refuses_is_told_with_its_file(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_: object) -> int:
        raise OSError(errno.EIO, os.strerror(errno.EIO), "/data/x")

    monkeypatch.setattr(import_module("isogloss.cli.list"), "run", fail)
    assert main(["list", "tasks"]) == 2
    assert "Found Input/output error. Where: /data/x." in capsys.readouterr().err


def test_a_mistake_of_ours_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> int:
        raise ZeroDivisionError

    monkeypatch.setattr(import_module("isogloss.cli.list"), "run", fail)
    with pytest.raises(ZeroDivisionError):
        main(["list", "tasks"])


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full on this system")
def test_a_full_disk_behind_a_redirection(tmp_path: Path) -> None:
    toy = write_toy_study(tmp_path / "toy")
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "isogloss", "cite", str(toy)],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 2
    assert "No space left on device" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_reader_that_went_away(tmp_path: Path) -> None:
    toy = write_toy_study(tmp_path / "toy")
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-m", "isogloss", "cite", str(toy)],
        stdout=write,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(write)
    assert (done.returncode, done.stderr) == (0, "")
