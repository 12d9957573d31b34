"""What only lists and plans must not wait for torch: it is loaded where something is computed."""

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = ("torch", "transformers", "datasets", "scipy", "pandas")
LISTS = ("treatments", "tasks", "measurements", "presets", "languages", "metrics")


def heavy_after(code: str) -> list[str]:
    """Return the heavy packages that are loaded when `code` has run in a new process."""
    report = f"import sys; print([one for one in {HEAVY!r} if one in sys.modules], file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{report}"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found: list[str] = eval(done.stderr.splitlines()[-1])
    return found


@pytest.mark.parametrize("arguments", [["list", name] for name in LISTS], ids=" ".join)
def test_lists_load_nothing_heavy(arguments: list[str]) -> None:
    assert not heavy_after(f"from isogloss.cli import main; assert main({arguments!r}) == 0")


def test_help_of_no_command_loads_anything_heavy() -> None:
    assert not heavy_after(
        "from isogloss.cli.main import COMMANDS, main\n"
        "for words in ([], *([name] for name in COMMANDS)):\n"
        "    try: main([*words, '--help'])\n"
        "    except SystemExit as end: assert not end.code"
    )


def test_a_spec_and_its_treatments_load_nothing_heavy() -> None:
    assert not heavy_after("from isogloss.study import load_spec, plan_study, prepare")


def test_a_plan_counts_without_torch(tmp_path: Path) -> None:
    bed = str(tmp_path)
    words = ["plan", "audit", "--text", bed, "--languages", "qaa,qab", "--budget", "updates=100"]
    made = ["synth", "--out", bed, "--recipe", "base,clone", "--sentences", "400"]
    found = heavy_after(
        f"from isogloss.cli import main\nassert main({made!r}) == 0\nassert main({words!r}) == 0"
    )
    assert set(found) <= {"scipy"}, "which says what can be found"
