from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import pandas as pd
import pytest
import yaml

from isogloss.core import InputError
from isogloss.study import Launch, StudySpec, parse_spec, run_study
from isogloss.study.plan.pretraining import base_plan
from isogloss.study.spec.treatment_entry import TreatmentEntry
from isogloss.training import OptimizerStep, TextSampling, TrainingPlan
from isogloss.treatments import LanguageAdapters, Untreated
from isogloss.treatments.steps.slow_weights.spec import SlowWeightsStep
from unit.study import toys


@dataclass(frozen=True)
class Alike:
    """Samples both languages by a power of their size."""

    name: ClassVar[str] = "alike"
    parts: ClassVar[tuple[str, ...]] = ("sampler",)
    separate: ClassVar[bool] = False
    claim: ClassVar[str] = "Languages are drawn alike."
    builds_on: ClassVar[tuple[str, ...]] = ("language_adapters",)

    exponent: Any = 0.25

    def apply(self, plan: TrainingPlan) -> TrainingPlan:
        return plan.replace_parts(self.name, sampler=TextSampling(self.exponent))

    def candidates(self) -> "tuple[Alike, ...]":
        return (self,)


@dataclass(frozen=True)
class Taken(Alike):
    name: ClassVar[str] = "temperature"


@dataclass(frozen=True)
class Half:
    name: ClassVar[str] = "half"


def study(*treatments: object) -> StudySpec:
    return toys.spec(treatments=["monolingual", "untreated", *treatments])


def test_an_object_stands_for_its_class_and_options() -> None:
    entry = study(Alike(0.5)).treatments[-1]
    assert (entry.name, entry.label, entry.options) == ("alike", "alike", {"exponent": 0.5})
    assert entry.kind is Alike
    assert entry.build() == Alike(0.5)


def test_an_object_may_have_a_label_and_a_budget() -> None:
    first, second = study(
        Alike(), {"name": Alike(0.5), "label": "more", "updates_factor": 0.5}
    ).treatments[2:]
    assert (first.label, second.label, second.updates_factor) == ("alike", "more", 0.5)


def test_an_object_of_the_table_is_its_name() -> None:
    named = TreatmentEntry(name="language_adapters", options={"bottleneck": 8})
    given = study(LanguageAdapters(bottleneck=8)).treatments[-1]
    assert given.kind is named.kind and given.build() == named.build()
    assert TreatmentEntry.model_validate(Untreated()).kind is Untreated


def test_the_record_of_the_study_is_plain() -> None:
    content = study(Alike(0.5)).model_dump(mode="json")
    assert yaml.safe_load(yaml.safe_dump(content))["treatments"][-1]["options"] == {"exponent": 0.5}
    assert "_kind" not in content["treatments"][-1]


@pytest.mark.parametrize(
    ("given", "expected", "found"),
    [
        (Alike, "an object", "the class `Alike`"),
        (Half(), "an object", "without parts, separate, claim, apply, candidates"),
        ({"name": 3}, "an object", "`int` without"),
        (Taken(), "no treatment of the package", "`temperature`"),
        (Alike({1, 2}), "numbers, texts", "set"),
    ],
)
def test_what_is_no_treatment_is_refused(given: object, expected: str, found: str) -> None:
    with pytest.raises(InputError) as refused:
        study(given)
    assert expected in refused.value.expected
    assert found in refused.value.found
    assert "treatments.2" in refused.value.where


def test_a_file_cannot_name_a_class() -> None:
    content = {**toys.CONTENT, "treatments": ["monolingual", "untreated", "alike"]}
    with pytest.raises(InputError, match="a treatment: one of"):
        parse_spec(content, "study.yaml")


def test_it_is_trained_and_compared(tmp_path: Path) -> None:
    """Without a change of the package, beside `untreated` and what it builds on."""
    toys.write_bed(tmp_path / "bed", "clone")
    spec = study("language_adapters", Alike())
    plan = run_study(spec, str(tmp_path / "bed"), tmp_path / "out", Launch("inline"))
    assert any(run.plan.sampler == TextSampling(0.25) for run in plan.runs.values())
    rows = pd.read_csv(tmp_path / "out" / "comparisons.csv")
    references = set(rows.loc[rows["treatment"] == "alike", "reference"])
    assert references == {"untreated", "language_adapters"}


def test_every_combination_of_a_choice_is_a_setting() -> None:
    written = {
        "lookahead": {"outer_learning_rate": 0.5},
        "choose": {"learning_rate": [0.01, 0.03], "inner_steps": [2, 5]},
    }
    settings = study(written).treatments[-1].settings()
    assert [(one.learning_rate, one.options["inner_steps"]) for one in settings] == [
        (0.01, 2),
        (0.01, 5),
        (0.03, 2),
        (0.03, 5),
    ]
    assert {one.options["outer_learning_rate"] for one in settings} == {0.5}


def test_a_rate_of_its_own_stands_in_the_step_that_is_treated() -> None:
    spec = study({"lookahead": {"inner_steps": 3}, "learning_rate": 0.007})
    (setting,) = spec.treatments[-1].settings()
    assert setting.options["learning_rate"] == 0.007
    base = base_plan(spec, spec.mixtures[0], 4, 0)
    treated = setting.apply(base)
    assert isinstance(treated.step, SlowWeightsStep)
    assert isinstance(treated.step.inner, OptimizerStep)
    assert treated.step.inner.optimizer.learning_rate == 0.007
    assert isinstance(base.step, OptimizerStep)
    assert base.step.optimizer.learning_rate == spec.pretraining.learning_rate


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ({"lookahead": {"inner_steps": 2}, "choose": {"inner_steps": [3]}}, "none beside it"),
        ({"lookahead": {}, "choose": {"inner_steps": []}}, "one value or more"),
        ({"lookahead": {}, "choose": {"inner_step": [3]}}, "Did you mean `inner_steps`"),
        ({"lookahead": {}, "choose": {"learning_rate": [0]}}, "above 0 and at most 1"),
        ({"lookahead": {}, "choose": {"learning_rate": [True]}}, "above 0 and at most 1"),
        ({"lookahead": {}, "learning_rate": 0.1, "choose": {"learning_rate": [0.2]}}, "beside it"),
        ({"monolingual": {}, "choose": {"learning_rate": [0.1, 0.2]}}, "no choice"),
        ({"lookahead": {}, "choose": {"inner_steps": list(range(1, 70))}}, "at most 64"),
    ],
)
def test_a_choice_that_is_none_is_refused(written: dict[str, Any], told: str) -> None:
    others = ["untreated"] if "monolingual" in written else ["monolingual", "untreated"]
    with pytest.raises(InputError, match=told):
        toys.spec(treatments=[*others, written])
