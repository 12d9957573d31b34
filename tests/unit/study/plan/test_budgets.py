"""What a finished study would refuse to compare is told when it is planned."""

from pathlib import Path

import pytest

from isogloss.core import InputError
from isogloss.data import synthesise
from isogloss.data.testbed.recipe import LanguageRecipe, Recipe, SplitSizes
from isogloss.study import Prepared, plan_study, prepare
from isogloss.study.plan.budgets import are_equal, tell_rounded, treated_updates
from isogloss.study.plan.runs import StudyPlan
from isogloss.study.spec.treatment_entry import TreatmentEntry
from unit.study import toys
from unit.study.toys import BASE, OTHER, PAIR

CONTROLS = ["monolingual", "untreated"]
ALONE = "is not compared with monolingual at the same data"
NEITHER = "neither its updates nor its compute are the same"


@pytest.fixture(scope="module")
def uneven(data_of_unequal_size: Path, tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    return prepare(toys.spec(), str(data_of_unequal_size), tmp_path_factory.mktemp("uneven"))


@pytest.fixture(scope="module")
def data_of_unequal_size(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unequal")
    languages = (LanguageRecipe("base"), LanguageRecipe("conflict", sentences=80))
    synthesise(Recipe(languages, sizes=SplitSizes(60, 60, 20, 40)), folder, seed=1, sentences=300)
    return folder


@pytest.mark.parametrize(
    ("treatment", "told"),
    [
        ("language_ffn", []),
        ({"temperature": {"exponents": [0.0, 1.0]}}, []),
        ({"temperature": {"exponents": [0.7, 1.0]}}, [ALONE]),
        ({"name": "language_ffn", "updates_factor": 0.5}, [ALONE, NEITHER]),
        ({"name": "language_ffn", "updates_factor": 0.995}, []),
    ],
)
def test_missing_comparisons_are_told(treatment: object, told: list[str], uneven: Prepared) -> None:
    spec = toys.spec(treatments=[*CONTROLS, treatment], pretraining={"updates": 50})
    warnings = plan_study(spec, uneven, {}).warnings
    assert len(warnings) == len(told)
    assert all(part in warning for part, warning in zip(told, warnings, strict=True))


def test_the_factor_for_equal_compute_is_named(prepared: Prepared) -> None:
    entry = {"name": "language_ffn", "updates_factor": 0.5}
    warnings = plan_study(toys.spec(treatments=[*CONTROLS, entry]), prepared, {}).warnings
    assert "give it `updates_factor: 1`" in warnings[-1]


def test_same_compute_alone_asks_for_no_equal_data(uneven: Prepared) -> None:
    entry = {"temperature": {"exponents": [1.0]}}
    spec = toys.spec(treatments=[*CONTROLS, entry], match=["total"], pretraining={"updates": 50})
    assert plan_study(spec, uneven, {}).warnings == []


def test_whole_updates_that_miss_a_share_are_told() -> None:
    plan = StudyPlan()
    tell_rounded(plan, toys.spec(), PAIR, {BASE: 99.6, OTHER: 3.4}, "pretraining.updates")
    assert len(plan.warnings) == 1
    assert "qab-Latn in qaa-Latn+qab-Latn: 3.40 updates of joint training, 3" in plan.warnings[0]
    other = toys.spec(match=["total"])
    tell_rounded(plan, other, PAIR, {BASE: 99.6, OTHER: 3.4}, "pretraining.updates")
    assert len(plan.warnings) == 1


def test_a_factor_that_leaves_nothing_is_refused() -> None:
    entry = TreatmentEntry(name="language_ffn", updates_factor=0.1)
    assert treated_updates(12, entry) == 1
    with pytest.raises(InputError, match="Raise the factor"):
        treated_updates(4, entry)


def test_one_percent() -> None:
    assert are_equal(100, 101)
    assert not are_equal(100, 102)


@pytest.mark.parametrize("where", ["pretraining", "finetuning"])
def test_rows_longer_than_the_model_reads(where: str, prepared: Prepared) -> None:
    spec = toys.spec(tasks=["pos"], **{where: {"length": 513}})
    with pytest.raises(InputError, match="sequences of at most 512 tokens") as refused:
        plan_study(spec, prepared, {})
    assert refused.value.where == f"{where}.length"
