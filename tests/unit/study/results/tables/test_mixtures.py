"""What a third language does to a pair: the pair's runs, and wider ones made from them."""

import dataclasses

import pytest

from isogloss.core import TABLES, Language
from isogloss.evaluation import Cell
from isogloss.study import Run, StudyPlan, StudySpec
from isogloss.study.results.tables import mixtures
from unit.study import toys
from unit.study.toys import BASE, OTHER, outcomes

THIRD = Language.parse("qac")
PAIR, TRIPLE = (BASE, OTHER), (BASE, OTHER, THIRD)


@pytest.fixture(scope="module")
def spec() -> StudySpec:
    return toys.spec(tasks=["pos"], mixtures=[["qaa", "qab"], ["qaa", "qab", "qac"]])


@pytest.fixture(scope="module")
def both(full_plan: StudyPlan) -> StudyPlan:
    """The untreated runs of the pair, and the same with a third language at its own budget."""
    plan = StudyPlan()
    plan.roles = [one for one in full_plan.roles if one.treatment == "untreated"]
    scored = {one.run_id: full_plan.runs[one.run_id] for one in plan.roles}
    trained = {run.starts_from: full_plan.runs[run.starts_from] for run in scored.values()}  # type: ignore[index]
    plan.runs = {**trained, **scored}  # type: ignore[dict-item]
    wider: dict[str, Run] = {}
    for run_id, run in plan.runs.items():
        wider[run_id] = wide(run, wider)
    roles = [
        dataclasses.replace(role, mixture=TRIPLE, learned=TRIPLE, run_id=wider[role.run_id].run_id)
        for role in plan.roles
    ]
    plan.runs |= {run.run_id: run for run in wider.values()}
    plan.roles += roles
    return plan


def wide(run: Run, parents: dict[str, Run]) -> Run:
    training = dataclasses.replace(run.plan, languages=TRIPLE, updates=run.plan.updates * 3 // 2)
    parent = parents[run.starts_from].run_id if run.starts_from else None
    return dataclasses.replace(run, plan=training, targets=TRIPLE, starts_from=parent)


def score(run: Run, cell: Cell) -> float:
    """The third language lifts zero-shot by 30 points and costs 0.2 bits."""
    third = len(run.plan.languages) == 3
    if cell.metric == "bits_per_byte":
        return 2.0 + 0.2 * third
    return 0.4 + 0.3 * (third and cell.setting == "zero_shot")


def test_the_wider_mixture_against_the_pair(spec: StudySpec, both: StudyPlan) -> None:
    notes: list[dict[str, str]] = []
    table = mixtures(spec, outcomes(both, score), notes)
    assert tuple(table) == TABLES["mixtures"].columns
    assert notes == []
    assert set(table["mixture"]) == {"+".join(map(str, TRIPLE))}
    assert set(table["reference_mixture"]) == {"+".join(map(str, PAIR))}
    assert set(table["language"]) == {str(BASE), str(OTHER)}, "what both were tested on"
    assert len(table) == 2 + 2 + 2
    assert ((table["ci_low"] <= table["gain"]) & (table["gain"] <= table["ci_high"])).all()
    zero_shot = table[table["setting"] == "zero_shot"]
    assert set(zero_shot["verdict"]) == {"BETTER"}
    assert zero_shot["gain"].to_numpy() == pytest.approx(0.3, abs=0.06)
    assert zero_shot["gain"].to_numpy() == pytest.approx(
        zero_shot["value"] - zero_shot["reference_value"]
    )
    text = table[table["metric"] == "bits_per_byte"]
    assert text["gain"].to_numpy() == pytest.approx(-0.2, abs=0.01), "more bits is a loss"
    assert set(text["verdict"]) == {"WORSE"}


def test_unequal_budgets_are_refused_by_name(spec: StudySpec, both: StudyPlan) -> None:
    def rows(run: Run) -> dict[str, int]:
        """The third language takes its rows from the second one."""
        shares = {BASE: 24, OTHER: 12, THIRD: 36} if len(run.plan.languages) == 3 else {}
        return {str(one): shares.get(one, 24) for one in run.plan.languages}

    notes: list[dict[str, str]] = []
    assert mixtures(spec, outcomes(both, score, rows), notes).empty
    [note] = notes
    assert note["level"] == "refusal"
    assert f"language {OTHER} has 6 and 3 updates" in note["text"]


def test_mixtures_that_hold_no_other_are_not_compared(
    full_spec: StudySpec, full_plan: StudyPlan
) -> None:
    table = mixtures(full_spec, outcomes(full_plan, score), [])
    assert tuple(table) == TABLES["mixtures"].columns
    assert table.empty
