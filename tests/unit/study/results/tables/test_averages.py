from dataclasses import replace

import numpy as np
import pytest

from isogloss.evaluation import Cell
from isogloss.study import Run, StudyPlan, StudySpec
from isogloss.study.results.outcomes import Outcome, Outcomes
from isogloss.study.results.tables import averages, comparisons, verdicts
from unit.study.toys import outcomes


def score(run: Run, cell: Cell) -> float:
    """PCGrad gains within a language; the unseen language gains from nothing."""
    if cell.metric == "bits_per_byte":
        return 2.0
    gains = type(run.plan.combine).__name__ == "GradientCombine"
    return 0.1 + 0.85 * (gains and cell.setting == "within_language")


@pytest.fixture(scope="module")
def made(joint_plan: StudyPlan) -> Outcomes:
    return outcomes(joint_plan, score)


def test_the_mean_over_the_languages_of_a_setting(joint_spec: StudySpec, made: Outcomes) -> None:
    table = averages(joint_spec, made).set_index(["treatment", "reference", "setting"])
    within = table.loc[("pcgrad", "untreated", "within_language")]
    single = comparisons(joint_spec, made, [])
    single = single[
        (single["treatment"] == "pcgrad")
        & (single["reference"] == "untreated")
        & (single["setting"] == "within_language")
    ]
    assert (within["n_languages"], within["n_examples"]) == (2, 600)
    assert within["gain"] == pytest.approx(single["gain"].mean())
    assert within["ci_low"] > 0  # two seeds decide nothing after correction
    assert table.loc[("pcgrad", "untreated", "zero_shot"), "verdict"] != "BETTER"
    assert table.loc[("pcgrad", "untreated", "zero_shot"), "n_languages"] == 1


def test_metrics_of_one_task_are_averaged_apart(joint_spec: StudySpec, made: Outcomes) -> None:
    """Answers have two metrics; the mean of both is no score of either."""

    def turned(outcome: Outcome) -> Outcome:
        wrong = {
            replace(cell, metric="accuracy"): np.stack([n[:, 1] - n[:, 0], n[:, 1]], axis=1)
            for cell, n in outcome.counts.items()
            if cell.metric == "pos_accuracy"
        }
        return replace(outcome, counts={**outcome.counts, **wrong})

    both = replace(made, by_run={key: turned(one) for key, one in made.by_run.items()})
    keys = ["treatment", "reference", "setting"]
    alone = averages(joint_spec, made).set_index(keys)["gain"]
    table = averages(joint_spec, both)
    first, second = (
        table[table["metric"] == metric].set_index(keys) for metric in ("pos_accuracy", "accuracy")
    )
    assert first["gain"].to_dict() == pytest.approx(alone.to_dict())
    assert second["gain"].to_dict() == pytest.approx((-alone).to_dict())
    assert set(second["n_languages"]) == set(first["n_languages"])


def test_all_treatments_against_both_controls(joint_spec: StudySpec, made: Outcomes) -> None:
    table = averages(joint_spec, made)
    pairs = set(zip(table["treatment"], table["reference"], strict=True))
    assert pairs == {
        ("temperature", "untreated"),
        *(("sequential_reptile", one) for one in ("untreated", "temperature")),
        *(("pcgrad", one) for one in ("untreated", "temperature")),
    }


def test_studies_that_treat_pretraining_have_none(
    full_spec: StudySpec, full_plan: StudyPlan
) -> None:
    assert averages(full_spec, outcomes(full_plan, lambda *_: 0.5)).empty


def test_joint_models_are_held_against_those_of_one_language(
    joint_spec: StudySpec, made: Outcomes
) -> None:
    notes: list[dict[str, str]] = []
    table = verdicts(joint_spec, made, notes)
    within = table[table["setting"] == "within_language"]
    assert set(within["match"]) == {"language", "total"}
    assert (within.loc[within["treatment"] == "pcgrad", "interference"] < -0.2).all()
    assert not [one for one in notes if one["level"] == "refusal"]
    assert set(table[table["setting"] == "zero_shot"]["source_language"]) == {"mul-Zyyy"}
