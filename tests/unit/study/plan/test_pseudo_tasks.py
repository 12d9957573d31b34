import pytest

from isogloss.data import TASKS, EncodedExample
from isogloss.evaluation import read_predictions
from isogloss.study import Prepared, StudyPlan, StudySpec, plan_study
from isogloss.study.plan.pseudo_tasks import group_names, grouped, texts_of
from isogloss.study.results.outcomes import read_outcomes
from isogloss.study.results.tables import averages, verdicts
from isogloss.study.run.execution import execute
from isogloss.study.store.run_folder import run_folder
from unit.study import toys


@pytest.fixture(scope="module")
def spec() -> StudySpec:
    return toys.spec(
        treat="finetuning",
        seeds=[0],
        zero_shot_to=["qac"],
        tasks=["pos"],
        match=["language", "total"],
        pseudo_tasks={"language": "qaa", "groups": 3},
        treatments=[
            *("monolingual", "untreated"),
            {"sequential_reptile": {"inner_steps": 2, "outer_learning_rate": 0.5}},
        ],
    )


@pytest.fixture(scope="module")
def plan(spec: StudySpec, joint_prepared: Prepared) -> StudyPlan:
    return plan_study(spec, joint_prepared, {})


def test_groups_are_variants_and_hold_every_example_once() -> None:
    examples = [EncodedExample((1, n, 2), 0) for n in range(6)]
    found = grouped(toys.BASE, examples, ["aa", "ab", "ba", "zz", "zy", "yz"], 2)
    assert tuple(found) == group_names(toys.BASE, 2)
    assert list(map(str, found)) == ["qaa-Latn-x-g1", "qaa-Latn-x-g2"]
    assert sorted(len(group) for group in found.values()) == [3, 3]
    assert sorted(one.ids[1] for group in found.values() for one in group) == list(range(6))


def test_the_text_of_each_example(joint_prepared: Prepared) -> None:
    texts = texts_of(joint_prepared.source, TASKS["pos"], toys.BASE)
    assert len(texts) == joint_prepared.n_examples("pos", toys.BASE)
    assert all(texts)


def test_groups_stand_in_the_plan_for_languages(plan: StudyPlan) -> None:
    joint = [run for run in plan.runs.values() if run.groups]
    assert {run.plan.languages for run in joint} == {group_names(toys.BASE, 3)}
    assert {run.learned for run in joint} == {(toys.BASE,)}
    assert {run.plan.updates for run in joint} == {24 // 8}
    alone = {role.run_id for role in plan.roles if role.treatment == "monolingual"}
    assert {plan.runs[one].plan.updates for one in alone} == {24 // 8}
    assert len(alone) == 1, "both ways of matching are one run"


def test_all_other_languages_are_zero_shot(
    spec: StudySpec, plan: StudyPlan, joint_prepared: Prepared
) -> None:
    for run in sorted(plan.runs.values(), key=lambda run: run.starts_from is not None):
        execute(run, joint_prepared.folder)
    joint = next(run for run in plan.runs.values() if run.groups)
    path = run_folder(joint_prepared.folder, joint.run_id).path / "predictions.parquet"
    cells = [table.cell for table in read_predictions(path)]
    assert [(cell.setting, cell.source_language) for cell in cells] == [
        ("within_language", toys.BASE),
        ("zero_shot", toys.BASE),
        ("zero_shot", toys.BASE),
    ]
    found = read_outcomes(plan, joint_prepared.folder)
    notes: list[dict[str, str]] = []
    table = averages(spec, found)
    counts = table.set_index("setting")["n_languages"].to_dict()
    assert counts == {"within_language": 1, "zero_shot": 2}
    judged = verdicts(spec, found, notes)
    assert not [one for one in notes if one["level"] == "refusal"]
    assert set(judged.loc[judged["setting"] == "within_language", "language"]) == {"qaa-Latn"}
