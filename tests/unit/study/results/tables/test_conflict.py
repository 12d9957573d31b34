import dataclasses
from typing import Any

import pandas as pd
import pytest

from isogloss.core import TABLES
from isogloss.study import StudyPlan
from isogloss.study.results.outcomes import Outcomes
from isogloss.study.results.tables import conflict, with_conflict
from unit.study.toys import BASE, OTHER, outcomes

PAIR = f"{BASE}|{OTHER}"


def look(update: int, cosine: float | None, word: str = "control") -> dict[str, Any]:
    """Return a row of `conflict.jsonl`; another word stood there for the control before."""
    return {
        "update": update,
        "cosine": {PAIR: cosine},
        "corrected": {PAIR: None},
        "half": {PAIR: 0.5 * (cosine or 0)},
        word: {str(BASE): 0.3, str(OTHER): 0.5},
        "layers": {"layers.0": {PAIR: cosine}},
        "kinds": {"attention": {PAIR: cosine}},
    }


@pytest.fixture
def looked(full_plan: StudyPlan) -> Outcomes:
    """Runs that were looked at three times each."""
    whole = outcomes(full_plan, lambda run, cell: 0.5)
    looks = [look(0, 1.0, "same_language"), look(40, 0.2), look(80, -0.4)]
    return dataclasses.replace(
        whole,
        by_run={
            run_id: dataclasses.replace(one, conflict=looks if one.run.conflict else [])
            for run_id, one in whole.by_run.items()
        },
    )


def test_a_row_a_look_and_a_mean_a_place(looked: Outcomes) -> None:
    table = conflict(looked)
    assert tuple(table) == TABLES["conflict"].columns
    assert set(table["treatment"]) == {"untreated", "temperature", "language_adapters"}
    one = table[(table["treatment"] == "untreated") & (table["seed"] == 0)]
    assert one["level"].tolist() == ["model"] * 3 + ["layer", "kind"]
    assert one["update"].tolist()[:3] == [0, 40, 80]
    assert one["control"].tolist()[:3] == pytest.approx([0.4] * 3)
    assert one["cosine"].tolist()[3:] == pytest.approx([0.8 / 3] * 2)


def test_a_verdict_says_what_the_second_half_said(looked: Outcomes) -> None:
    verdicts = pd.DataFrame(
        [
            {"treatment": treatment, "mixture": f"{BASE}+{OTHER}", "language": str(BASE)}
            for treatment in ("untreated", "somebody_elses")
        ]
    )
    table = with_conflict(verdicts, conflict(looked))
    assert table["gradient_cosine"].tolist()[0] == pytest.approx(0.5 * (0.2 - 0.4) / 2)
    assert table["gradient_control"].tolist()[0] == pytest.approx(0.4)
    assert table["conflict_rate"].tolist()[0] == pytest.approx(0.5)
    assert table.loc[1, ["gradient_cosine", "conflict_rate"]].isna().all()


def test_a_verdict_of_a_joint_fine_tuning_is_explained_by_its_own_task(looked: Outcomes) -> None:
    verdicts = pd.DataFrame(
        [
            {"treatment": "untreated", "mixture": f"{BASE}+{OTHER}", "language": str(BASE), **task}
            for task in ({"task": "masked_lm"}, {"task": "pos"})
        ]
    )
    table = with_conflict(verdicts, conflict(looked), of_task=True)
    assert table["gradient_cosine"].notna().tolist() == [True, False]


def test_a_look_without_a_finite_gradient_has_no_row(looked: Outcomes) -> None:
    lost = {**look(120, 0.0), "cosine": {}, "not_finite": [str(OTHER)]}
    more = {
        run_id: dataclasses.replace(one, conflict=[*one.conflict, lost] if one.conflict else [])
        for run_id, one in looked.by_run.items()
    }
    assert conflict(dataclasses.replace(looked, by_run=more))["update"].max() == 80


def test_runs_that_nobody_looked_at(full_plan: StudyPlan) -> None:
    whole = outcomes(full_plan, lambda run, cell: 0.5)
    table = conflict(whole)
    assert table.empty
    verdicts = pd.DataFrame(
        [{"treatment": "untreated", "mixture": f"{BASE}+{OTHER}", "language": str(BASE)}]
    )
    assert with_conflict(verdicts, table)["gradient_cosine"].isna().all()
