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

import numpy as np

from isogloss.gradients import Array, Rule
from isogloss.training import GradientCombine, TrainingPlan


def toy(gramian: Array) -> Array:
    """Return equal weights."""
    return np.full(len(gramian), 1 / len(gramian))


@dataclass(frozen=True)
class Toy:
    """Takes the mean; shows what adding a gradient rule costs."""

    name: ClassVar[str] = "toy"
    parts: ClassVar[tuple[str, ...]] = ("combine",)
    separate: ClassVar[bool] = False
    claim: ClassVar[str] = "Nothing but the mean."

    def apply(self, plan: TrainingPlan) -> TrainingPlan:
        """Return the plan with the mean of the gradients."""
        return plan.replace_parts(self.name, combine=GradientCombine(Rule(toy), "module"))

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
FORM = '''"""A toy."""

from collections.abc import Sequence
from typing import Any, ClassVar

from isogloss.core import Language
from isogloss.data import (
    ClassifiedText,
    DataSource,
    EncodedExample,
    EncodedExamples,
    Tokenizer,
    encode_classified,
)
from isogloss.training import SequenceClassificationObjective


class ToyForm:
    """Labels texts as long or short; shows what adding a form of task costs."""

    name: ClassVar[str] = "toy_form"
    one_row: ClassVar[bool] = True
    may_lack_labels: ClassVar[bool] = False

    def read(
        self, source: DataSource, kind: str, language: Language, split: str
    ) -> Sequence[ClassifiedText]:
        """Return texts labelled by their length."""
        texts = source.classified(kind, language, split)
        return [
            ClassifiedText(one.text, None, "long" if len(one.text) > 30 else "short")
            for one in texts
        ]

    def labels(self, example: ClassifiedText) -> Sequence[str]:
        """Return the label."""
        return (example.label,)

    def text(self, example: ClassifiedText) -> str:
        """Return the text."""
        return example.text

    def encode(
        self,
        examples: Sequence[ClassifiedText],
        labels: Sequence[str],
        tokenizer: Tokenizer,
        length: int,
    ) -> EncodedExamples:
        """Return a row per text."""
        return encode_classified(examples, labels, tokenizer, length)

    def head(self, model: Any, labels: Sequence[str], seed: int) -> Any:
        """Return a classifier of rows."""
        from isogloss.models import SequenceClassifier

        return SequenceClassifier(model, len(labels), seed=seed)

    def objective(self) -> SequenceClassificationObjective:
        """Return the cross-entropy of a row."""
        return SequenceClassificationObjective()

    def evaluate(
        self, classifier: Any, examples: Any, test: Any, language_index: int, cell: Any
    ) -> list[Any]:
        """Return labels of texts."""
        from isogloss.evaluation import evaluate_classification

        return [evaluate_classification(classifier, examples, test, language_index, cell=cell)]

    def dev_loss(
        self, classifier: Any, rows: Sequence[EncodedExample], pad_id: int, language_index: int
    ) -> float:
        """Return the mean cross-entropy."""
        from isogloss.evaluation import labelled_nats

        return labelled_nats(classifier, rows, pad_id, language_index)
'''
CARD = """    "toy": TaskCard(
        name="toy",
        kind="topic",
        form="toy_form",
        metric="accuracy",
        description="Whether a text is long.",
        reference="A toy.",
    ),
"""
KIND = '''"""A toy."""

from collections.abc import Iterator
from typing import ClassVar, Literal

from isogloss.study.plan.pretraining import base_plan, pretraining_run, score_run
from isogloss.study.plan.runs import Role
from isogloss.study.plan.runs import Choice, StudyPlan
from isogloss.study.spec.spec import StudySpec
from isogloss.study.spec.unread import Unread
from isogloss.study.store.prepared import Prepared


class Toy(StudySpec):
    """Pretrains on everything, some times over; shows what adding a kind of study costs."""

    treated: ClassVar[Literal["pretrain", "finetune"]] = "pretrain"
    learns_together: ClassVar[bool] = False
    always_measured: ClassVar[tuple[str, ...]] = ()

    treat: Literal["toy"] = "toy"  # type: ignore[assignment]
    times: int = 1

    def refuse_unfit(self) -> None:
        """Accept everything."""

    def unread(self) -> Iterator[Unread]:
        """Yield nothing."""
        yield from ()

    def budgets(self) -> str:
        """Return how often."""
        return f"Everything was learned {self.times} times over."

    def tests(self) -> str:
        """Return nothing."""
        return "Nothing was fine-tuned."


def plan_toy(spec: StudySpec, prepared: Prepared, chosen: dict[Choice, int]) -> StudyPlan:
    """Plan one model of all languages a seed."""
    assert isinstance(spec, Toy)
    plan = StudyPlan()
    for seed in spec.every_seed:
        updates = spec.times * spec.pretraining.updates
        base = base_plan(spec, spec.languages, updates, seed)
        run = pretraining_run(spec, prepared, base)
        plan.add(run)
        score = plan.add(score_run(spec, prepared, run))
        learned = spec.languages
        plan.roles.append(
            Role("untreated", learned, learned, "", score, "pretrain", "masked_lm", seed, None)
        )
    return plan
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
TASK_STUDY = """
name: toy
mixtures: [[qaa, qab]]
seeds: [0]
match: [language]
model: micro
precision: fp32
tasks: [toy]
tokenizer: {vocabulary_size: 400}
pretraining: {updates: 2, rows: 4, length: 16, dev_points: 1}
finetuning: {epochs: 1, rows: 8, length: 16, max_examples: 16}
"""
IMPORT = "from isogloss.treatments.controls import Monolingual, Untreated\n"
LINE = '    "untreated": Untreated,\n'


def test_a_gradient_rule_costs_two_files(tmp_path: Path) -> None:
    """One with its equation, options and entry, and the table; any other treatment as many."""
    package = tmp_path / "isogloss"
    shutil.copytree(sources.PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__"))
    before = _contents(package)

    (package / "treatments" / "gradients" / "toy.py").write_text(TOY, encoding="utf-8")
    table = package / "treatments" / "__init__.py"
    text = table.read_text(encoding="utf-8")
    assert IMPORT in text and LINE in text
    text = text.replace(IMPORT, f"from isogloss.treatments.gradients.toy import Toy\n{IMPORT}")
    table.write_text(text.replace(LINE, f'{LINE}    "toy": Toy,\n'), encoding="utf-8")

    after = _contents(package)
    touched = {path for path in after if before.get(path) != after[path]}
    assert touched == {"treatments/gradients/toy.py", "treatments/__init__.py"}
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
    imported = "from isogloss.diagnosis.measured_confounds import"
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


def test_a_data_set_of_a_known_form_costs_one_file(tmp_path: Path) -> None:
    """Its card in the table; where the files of a study lie is said in YAML and costs none."""
    package = tmp_path / "isogloss"
    shutil.copytree(sources.PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__"))
    before = _contents(package)

    card = CARD.replace("toy_form", "sequence_classification")
    _insert(package / "data" / "tasks" / "table.py", '    "topic": ', card)

    after = _contents(package)
    touched = {path for path in after if before.get(path) != after[path]}
    assert touched == {"data/tasks/table.py"}
    assert "toy" in _listed(tmp_path, "task")


def test_a_form_of_task_and_its_card_cost_three_files(tmp_path: Path) -> None:
    """And the task is then listed, trained and scored within its language and zero-shot."""
    package = tmp_path / "isogloss"
    shutil.copytree(sources.PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__"))
    before = _contents(package)

    (package / "tasks" / "toy.py").write_text(FORM, encoding="utf-8")
    _insert(
        package / "tasks" / "__init__.py",
        "from isogloss.tasks.token_classification import",
        "from isogloss.tasks.toy import ToyForm\n",
    )
    _insert(
        package / "tasks" / "__init__.py",
        '    "token_classification": ',
        '    "toy_form": ToyForm(),\n',
    )
    _insert(package / "data" / "tasks" / "table.py", '    "topic": ', CARD)

    after = _contents(package)
    touched = {path for path in after if before.get(path) != after[path]}
    assert touched == {"tasks/toy.py", "tasks/__init__.py", "data/tasks/table.py"}
    assert "toy" in _listed(tmp_path, "task")

    recipe = Recipe(
        (LanguageRecipe("base"), LanguageRecipe("clone")), sizes=SplitSizes(60, 60, 20, 40)
    )
    synthesise(recipe, tmp_path / "data", seed=1, sentences=120)
    (tmp_path / "study.yaml").write_text(TASK_STUDY, encoding="utf-8")
    _called(
        tmp_path, ["run", "study.yaml", "--data", "data", "--out", "out", "--launcher", "inline"]
    )
    records = pd.read_csv(tmp_path / "out" / "records.csv")
    assert set(records.loc[records["task"] == "toy", "setting"]) == {"within_language", "zero_shot"}


def test_a_kind_of_study_costs_two_files(tmp_path: Path) -> None:
    """Its own file and its row; it is then read with its own keys, planned, run and reported."""
    package = tmp_path / "isogloss"
    shutil.copytree(sources.PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__"))
    before = _contents(package)

    (package / "study" / "plan" / "kinds" / "toy.py").write_text(KIND, encoding="utf-8")
    table = package / "study" / "plan" / "kinds" / "__init__.py"
    imported = "from isogloss.study.plan.kinds.treated_finetuning import"
    _insert(table, imported, "from isogloss.study.plan.kinds.toy import Toy, plan_toy\n")
    _insert(table, '    "finetuning": ', '    "toy": StudyKind(Toy, plan_toy),\n')

    after = _contents(package)
    touched = {path for path in after if before.get(path) != after[path]}
    assert touched == {"study/plan/kinds/toy.py", "study/plan/kinds/__init__.py"}

    recipe = Recipe(
        (LanguageRecipe("base"), LanguageRecipe("clone")), sizes=SplitSizes(60, 60, 20, 40)
    )
    synthesise(recipe, tmp_path / "data", seed=1, sentences=120)
    own = STUDY.replace("measurements: [toy]", "treat: toy\ntimes: 2")
    (tmp_path / "study.yaml").write_text(own, encoding="utf-8")
    _called(
        tmp_path, ["run", "study.yaml", "--data", "data", "--out", "out", "--launcher", "inline"]
    )
    records = pd.read_csv(tmp_path / "out" / "records.csv")
    assert set(records["target_language"]) == {"qaa-Latn", "qab-Latn"}
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "Everything was learned 2 times over." in page


def _insert(path: Path, before: str, line: str) -> None:
    """Insert a line before the one that begins with `before`."""
    text = path.read_text(encoding="utf-8")
    assert text.count(before) == 1
    path.write_text(text.replace(before, line + before), encoding="utf-8")


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
