"""Adding a treatment costs one file and its line in the table, and then it is known everywhere."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from structure import sources

TOY = '''"""A toy."""

from dataclasses import dataclass
from typing import ClassVar

from isogloss.training import TrainingPlan


@dataclass(frozen=True)
class Toy:
    """Changes nothing; shows what adding a treatment costs."""

    name: ClassVar[str] = "toy"
    parts: ClassVar[tuple[str, ...]] = ()
    separate: ClassVar[bool] = False
    claim: ClassVar[str] = "Nothing changes."

    def apply(self, plan: TrainingPlan) -> TrainingPlan:
        """Return the plan as it is."""
        return plan

    def candidates(self) -> "tuple[Toy, ...]":
        """Return itself."""
        return (self,)
'''
IMPORT = "from isogloss.treatments.untreated import Untreated\n"
LINE = '    "untreated": Untreated,\n'


def test_a_treatment_costs_two_files(tmp_path: Path) -> None:
    package = tmp_path / "isogloss"
    shutil.copytree(sources.PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__"))
    before = _contents(package)

    (package / "treatments" / "toy.py").write_text(TOY, encoding="utf-8")
    table = package / "treatments" / "__init__.py"
    text = table.read_text(encoding="utf-8")
    assert IMPORT in text and LINE in text
    text = text.replace(IMPORT, f"from isogloss.treatments.toy import Toy\n{IMPORT}")
    table.write_text(text.replace(LINE, f'{LINE}    "toy": Toy,\n'), encoding="utf-8")

    after = _contents(package)
    touched = {path for path in after if before.get(path) != after[path]}
    assert touched == {"treatments/toy.py", "treatments/__init__.py"}
    assert "toy" in _listed(tmp_path)


def _contents(package: Path) -> dict[str, bytes]:
    """Return the contents of each file by its path in the package."""
    return {
        path.relative_to(package).as_posix(): path.read_bytes()
        for path in package.rglob("*")
        if path.is_file()
    }


def _listed(path: Path) -> set[str]:
    """Return the treatments that the command line lists when the package is found at `path`."""
    command = "import sys; from isogloss.cli import main; sys.exit(main())"
    done = subprocess.run(
        [sys.executable, "-c", command, "list", "treatments", "--json"],
        env={**os.environ, "PYTHONPATH": str(path), "PYTHONDONTWRITEBYTECODE": "1"},
        cwd=path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return {entry["treatment"] for entry in json.loads(done.stdout)}
