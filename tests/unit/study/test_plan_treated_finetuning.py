"""Studies of fine-tuning: what starts from what, at which budget, tested on what."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from isogloss.core import InputError, Language
from isogloss.study import Prepared, StudyPlan, StudySpec, plan_study, prepare
from isogloss.study.execution import execute
from isogloss.study.outcomes import read_outcomes
from isogloss.study.tables import comparisons, records, verdicts
from unit.study import toys
from unit.study.toys import BASE, OTHER

UNSEEN = Language.parse("qac")
TREATMENTS = ["monolingual", "untreated", "sequential_reptile", "pcgrad"]


def spec(**changes: Any) -> StudySpec:
    """Return a study of the fine-tuning of two languages, a third one unseen."""
    common: dict[str, Any] = {
        "treat": "finetuning",
        "zero_shot_to": ["qac"],
        "tasks": ["pos"],
        "treatments": TREATMENTS,
        "match": ["language", "total"],
    }
    return toys.spec(**{**common, **changes})


@pytest.fixture(scope="module")
def material(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """Return what a study of three synthetic languages is made from."""
    bed = toys.write_bed(tmp_path_factory.mktemp("three"), "conflict", "twin")
    return prepare(spec(), str(bed), tmp_path_factory.mktemp("material"))


@pytest.fixture(scope="module")
def treated(material: Prepared) -> StudyPlan:
    return plan_study(spec(), material, {})


def of(plan: StudyPlan, treatment: str, match: str = "") -> list[Any]:
    return [
        plan.runs[role.run_id]
        for role in plan.roles
        if (role.treatment, role.match) == (treatment, match)
    ]


def test_all_fine_tunings_of_a_seed_start_from_one_untreated_model(treated: StudyPlan) -> None:
    bases = of(treated, "pretrained")
    assert [run.plan.seed for run in bases] == [0, 1]
    assert {run.plan.languages for run in bases} == {(BASE, OTHER, UNSEEN)}
    assert {run.plan.updates for run in bases} == {6 * 3}
    by_seed = {run.plan.seed: run.run_id for run in bases}
    children = [run for run in treated.runs.values() if run.stage == "finetune"]
    assert all(run.starts_from == by_seed[run.plan.seed] for run in children)


def test_budgets(treated: StudyPlan) -> None:
    # 24 examples a language, 8 rows, one epoch.
    together = [run for name in TREATMENTS[1:] for run in of(treated, name)]
    assert {run.plan.updates for run in together} == {6}
    assert {run.plan.updates for run in of(treated, "monolingual", "language")} == {3}
    assert {run.plan.updates for run in of(treated, "monolingual", "total")} == {6}


def test_what_is_learned_from_and_tested_on(treated: StudyPlan) -> None:
    for run in of(treated, "untreated"):
        assert run.sources == (BASE, OTHER)
        assert run.targets == (BASE, OTHER, UNSEEN)
    alone = of(treated, "monolingual", "language")
    assert [(run.sources, run.targets) for run in alone[:2]] == [((BASE,), (BASE,))] * 2
    assert len({run.run_id for run in treated.runs.values()}) == len(treated.runs)


def test_a_sweep_is_settled_for_each_task_on_the_first_seed(material: Prepared) -> None:
    swept = spec(treatments=["monolingual", "untreated", {"temperature": {"exponents": [0, 0.5]}}])
    open_plan = plan_study(swept, material, {})
    [(key, candidates)] = open_plan.open_choices.items()
    assert key == ("temperature", (BASE, OTHER))
    assert {open_plan.runs[one].plan.seed for one in candidates} == {0}
    closed = plan_study(swept, material, {key: 1})
    assert not closed.open_choices
    assert {run.plan.sampler.exponent for run in of(closed, "temperature")} == {0.5}
    assert candidates[1] in closed.runs


@pytest.fixture(scope="module")
def tables(
    material: Prepared, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], pd.DataFrame]:
    """Return the tables of the study, really run."""
    folder = tmp_path_factory.mktemp("run") / "study"
    shutil.copytree(material.folder, folder)
    of_spec = spec(treatments=["monolingual", "untreated", "sequential_reptile"])
    planned = plan_study(of_spec, material, {})
    for run in sorted(planned.runs.values(), key=lambda one: one.starts_from is not None):
        execute(run, folder)
    outcomes = read_outcomes(planned, folder)
    notes: list[dict[str, str]] = []
    made = {
        "records": records(of_spec, outcomes),
        "verdicts": verdicts(of_spec, outcomes, notes),
        "comparisons": comparisons(of_spec, outcomes, notes),
    }
    assert not [one for one in notes if one["level"] == "refusal"], notes
    return made.__getitem__


def test_verdicts_compare_fine_tunings(tables: Callable[[str], pd.DataFrame]) -> None:
    found = tables("verdicts")
    assert set(found["task"]) == {"pos"}, "the pretraining is nobody's treatment"
    within = found[found["setting"] == "within_language"]
    assert len(within) == 2 * 2 * 2, "two treatments, two languages, two budgets"
    assert within["verdict"].notna().all()
    zero = found[(found["setting"] == "zero_shot") & (found["match"] == "language")]
    assert set(zero["language"]) == {str(UNSEEN)}
    assert set(zero["source_language"]) == {str(BASE)}


def test_treatments_are_compared_in_both_settings(tables: Callable[[str], pd.DataFrame]) -> None:
    found = tables("comparisons")
    assert set(zip(found["treatment"], found["reference"], strict=True)) == {
        ("sequential_reptile", "untreated")
    }
    assert found["language"].tolist().count(str(UNSEEN)) == 1
    assert len(found) == 3


def test_records_name_the_pretraining_too(tables: Callable[[str], pd.DataFrame]) -> None:
    found = tables("records")
    assert set(found["treatment"]) == {
        "pretrained",
        "monolingual",
        "untreated",
        "sequential_reptile",
    }


def test_a_language_without_examples_is_named(material: Prepared, tmp_path: Path) -> None:
    # The synthetic languages have labels for each task; a task of real data has none here.
    with pytest.raises(InputError, match="training examples of pos in every language"):
        plan_study(spec(mixtures=[["qaa", "qad"]], zero_shot_to=[]), material, {})


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"zero_shot_to": ["qab"]}, "in a mixture as well"),
        ({"tasks": []}, "a task to fine-tune on"),
        ({"treat": "pretraining"}, "`zero_shot_to` with `treat: finetuning` only"),
        (
            {"treatments": ["monolingual", "untreated", "language_adapters"]},
            "language-specific modules are learned in pretraining",
        ),
    ],
)
def test_what_makes_no_sense_is_refused(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError) as refused:
        spec(**changes)
    assert said in str(refused.value)
