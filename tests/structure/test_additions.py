"""What adding a part costs: its file and its line in a table, and then it is known everywhere."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd

from isogloss.data import synthesise
from isogloss.data.testbed.recipe import LanguageRecipe, Recipe, SplitSizes
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
MEASUREMENT = '''"""A toy."""

from collections.abc import Iterable
from typing import ClassVar, Literal

from isogloss.diagnosis.measurement import FinishedRun, Row


class Toy:
    """Counts languages; shows what adding a measurement costs."""

    name: ClassVar[str] = "toy"
    what: ClassVar[str] = "How many languages did each model learn?"
    columns: ClassVar[tuple[str, ...]] = ("language", "n_languages")
    stages: ClassVar[tuple[str, ...]] = ("pretrain",)
    when: ClassVar[Literal["run", "tables"]] = "run"
    on_request: ClassVar[bool] = True

    def measure(self, run: FinishedRun) -> Iterable[Row]:
        """Return a row per language."""
        assert run.model().languages == run.languages
        return [{"language": str(one), "n_languages": len(run.learned)} for one in run.learned]
'''
STUDY = """
name: toy
mixtures: [[qaa, qab]]
seeds: [0]
match: [language]
model: micro
precision: fp32
measurements: [toy]
tokenizer: {vocabulary_size: 400}
pretraining: {updates: 2, rows: 4, length: 16, dev_points: 1}
"""
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
    assert "toy" in _listed(tmp_path, "treatment")


def test_a_measurement_costs_two_files(tmp_path: Path) -> None:
    """And is then in the lists, in the study's tables and in its report."""
    package = tmp_path / "isogloss"
    shutil.copytree(sources.PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__"))
    before = _contents(package)

    (package / "diagnosis" / "toy.py").write_text(MEASUREMENT, encoding="utf-8")
    table = package / "diagnosis" / "__init__.py"
    text = table.read_text(encoding="utf-8")
    line = '    "confounds": MeasuredConfounds(),\n'
    imported = "from isogloss.diagnosis.plateau import"
    assert line in text and imported in text
    text = text.replace(imported, f"from isogloss.diagnosis.toy import Toy\n{imported}", 1)
    table.write_text(text.replace(line, f'{line}    "toy": Toy(),\n'), encoding="utf-8")

    after = _contents(package)
    touched = {path for path in after if before.get(path) != after[path]}
    assert touched == {"diagnosis/toy.py", "diagnosis/__init__.py"}
    assert "toy" in _listed(tmp_path, "measurement")

    synthesise(
        Recipe((LanguageRecipe("base"), LanguageRecipe("clone")), sizes=SplitSizes(60, 60, 20, 40)),
        tmp_path / "data",
        seed=1,
        sentences=120,
    )
    (tmp_path / "study.yaml").write_text(STUDY, encoding="utf-8")
    _called(
        tmp_path, ["run", "study.yaml", "--data", "data", "--out", "out", "--launcher", "inline"]
    )
    rows = pd.read_csv(tmp_path / "out" / "toy.csv")
    joint = rows[rows["treatment"] == "untreated"]
    assert sorted(joint["language"]) == ["qaa-Latn", "qab-Latn"]
    assert set(joint["n_languages"]) == {2}
    assert set(rows[rows["treatment"] == "monolingual"]["n_languages"]) == {1}
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "How many languages did each model learn?" in page


def _contents(package: Path) -> dict[str, bytes]:
    """Return the contents of each file by its path in the package."""
    return {
        path.relative_to(package).as_posix(): path.read_bytes()
        for path in package.rglob("*")
        if path.is_file()
    }


def _listed(path: Path, kind: str) -> set[str]:
    """Return what the command line lists when the package is found at `path`."""
    told = _called(path, ["list", f"{kind}s", "--json"])
    return {entry[kind] for entry in json.loads(told)}


def _called(path: Path, words: list[str]) -> str:
    """Return what a command prints when the package is found at `path`."""
    command = "import sys; from isogloss.cli import main; sys.exit(main(sys.argv[1:]))"
    done = subprocess.run(
        [sys.executable, "-c", command, *words],
        env={**os.environ, "PYTHONPATH": str(path), "PYTHONDONTWRITEBYTECODE": "1"},
        cwd=path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
