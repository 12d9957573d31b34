from dataclasses import replace

import pytest

from isogloss.evaluation import Cell
from isogloss.study import Prepared, Run, StudyPlan, StudySpec, plan_study
from isogloss.study.results.outcomes import Outcomes
from isogloss.study.results.stages import first_stage, next_stage
from isogloss.study.results.tables import verdicts
from unit.study import toys

SPEC = toys.spec(seeds={"first": 3, "most": 9})


@pytest.fixture(scope="module")
def whole(prepared: Prepared) -> StudyPlan:
    return plan_study(SPEC, prepared, {})


def finished(part: StudyPlan, effect: float) -> Outcomes:
    """Return outcomes in which qaa is worse in the mixture, and qab varies from seed to seed."""

    def score(run: Run, cell: Cell) -> float:
        joint = len(run.plan.languages) == 2
        if str(cell.target_language) == "qaa-Latn" or cell.target_language == toys.BASE:
            return 2.0 + effect * joint
        return 2.0 + 0.2 * (run.plan.seed % 3) + 0.1 * joint

    return toys.outcomes(part, score)


def seeds(plan: StudyPlan, *languages: object) -> set[int]:
    return {one.plan.seed for one in plan.runs.values() if one.plan.languages == languages}


def test_the_first_stage_has_the_first_seeds(whole: StudyPlan) -> None:
    part = first_stage(SPEC, whole)
    assert {run.plan.seed for run in part.runs.values()} == {0, 1, 2}
    assert {run.plan.seed for run in whole.runs.values()} == set(range(9))


def test_a_planted_effect_stops_and_an_open_one_goes_on(whole: StudyPlan) -> None:
    first = first_stage(SPEC, whole)
    outcomes = finished(first, effect=1.0)
    table = verdicts(SPEC, outcomes, []).set_index("language")
    assert table.loc[str(toys.BASE), "verdict"] == "HURT"
    assert table["analysis"].eq(1).all()
    assert not table.loc[str(toys.BASE), "open"]
    assert table.loc[str(toys.OTHER), "open"]
    part = next_stage(SPEC, whole, outcomes)
    assert seeds(part, toys.BASE) == {0, 1, 2}
    assert seeds(part, toys.OTHER) == seeds(part, toys.BASE, toys.OTHER) == set(range(6))
    second = next_stage(SPEC, whole, finished(part, effect=1.0))
    assert second.runs.keys() >= part.runs.keys()
    table = verdicts(SPEC, finished(part, effect=1.0), []).set_index("language")
    assert table.loc[str(toys.BASE), ["analysis", "n_seeds"]].tolist() == [1, 3]
    assert table.loc[str(toys.OTHER), "n_seeds"] == 6


def test_the_same_runs_give_the_same_decision(whole: StudyPlan) -> None:
    outcomes = finished(first_stage(SPEC, whole), effect=1.0)
    parts = [next_stage(SPEC, whole, outcomes) for _ in range(2)]
    assert list(parts[0].runs) == list(parts[1].runs)
    turned = replace(outcomes, roles=outcomes.roles[::-1])
    assert next_stage(SPEC, whole, turned).runs.keys() == parts[0].runs.keys()


def test_addresses_are_those_of_a_list_of_seeds(prepared: Prepared, whole: StudyPlan) -> None:
    listed: StudySpec = toys.spec(seeds=list(range(9)))
    assert plan_study(listed, prepared, {}).runs.keys() == whole.runs.keys()
