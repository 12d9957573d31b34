import math
from collections import Counter

import pytest

from isogloss.core import SEVERAL, InputError
from isogloss.study import Prepared, Role, Run, StudyPlan, StudySpec, plan_study
from unit.study import toys


def of(plan: StudyPlan, treatment: str, seed: int = 0) -> list[tuple[Role, Run]]:
    return [
        (role, plan.runs[role.run_id])
        for role in plan.roles
        if (role.treatment, role.seed) == (treatment, seed)
    ]


def test_one_base_a_seed_knows_all_languages(joint_plan: StudyPlan) -> None:
    bases = [run for run in joint_plan.runs.values() if run.stage == "pretrain"]
    assert sorted(run.plan.seed for run in bases) == [0, 1]
    assert {run.plan.languages for run in bases} == {(*toys.PAIR, toys.THIRD)}
    assert {run.plan.updates for run in bases} == {3 * 6}
    for run in joint_plan.runs.values():
        if run.stage == "finetune":
            base = joint_plan.runs[str(run.starts_from)]
            assert base.plan.seed == run.plan.seed


def test_each_treatment_is_one_joint_fine_tuning_a_seed(joint_plan: StudyPlan) -> None:
    for name in ("untreated", "temperature", "sequential_reptile", "pcgrad"):
        [(role, run)] = of(joint_plan, name)
        assert (role.source_language, run.source_language) == (SEVERAL, SEVERAL)
        assert run.learned == run.plan.languages == toys.PAIR
        assert run.targets == (*toys.PAIR, toys.THIRD)
        assert run.measures == ("forgetting",)


def test_all_treatments_learn_from_as_many_examples(joint_plan: StudyPlan) -> None:
    """24 examples a language, 8 an update, one epoch."""
    joint = [run for run in joint_plan.runs.values() if run.source_language == SEVERAL]
    assert {run.plan.updates for run in joint} == {math.ceil(48 / 8)}
    assert len({run.plan.rows for run in joint}) == 1


def test_the_control_starts_from_the_same_base(joint_plan: StudyPlan) -> None:
    [(_, untreated)] = of(joint_plan, "untreated")
    alone = of(joint_plan, "monolingual")
    assert Counter((role.match, role.learned) for role, _ in alone) == Counter(
        (match, (language,)) for match in ("language", "total") for language in toys.PAIR
    )
    assert {run.starts_from for _, run in alone} == {untreated.starts_from}
    updates = {role.match: run.plan.updates for role, run in alone}
    assert updates == {"language": untreated.plan.updates // 2, "total": untreated.plan.updates}


def test_a_setting_is_chosen_for_each_task_on_the_first_seed(
    joint_spec: StudySpec, joint_prepared: Prepared
) -> None:
    plan = plan_study(joint_spec, joint_prepared, {})
    [(key, candidates)] = plan.open_choices.items()
    assert key == ("temperature", toys.PAIR, "pos")
    assert {plan.runs[one].plan.seed for one in candidates} == {0}
    assert not of(plan, "temperature")


def test_a_chosen_setting_is_told_in_its_role(joint_plan: StudyPlan) -> None:
    [(role, _)] = of(joint_plan, "temperature")
    assert role.options == {"exponents": (1.0,)}
    assert role.n_candidates == 2


def test_no_dev_data_leave_no_choice(joint_spec: StudySpec, joint_prepared: Prepared) -> None:
    counts = {name: {"train": 24, "test": 40} for name in ("qaa-Latn", "qab-Latn")}
    facts = {**joint_prepared.facts, "examples": {"pos": counts}}
    bare = Prepared(joint_prepared.folder, facts, joint_prepared.source)
    with pytest.raises(InputError, match="to choose the setting of `temperature` by"):
        plan_study(joint_spec, bare, {})


def test_languages_without_data_are_left_out_and_named(
    joint_spec: StudySpec, joint_prepared: Prepared
) -> None:
    counts = {"qaa-Latn": {"train": 24, "dev": 9, "test": 40}}
    facts = {**joint_prepared.facts, "examples": {"pos": counts}}
    bare = Prepared(joint_prepared.folder, facts, joint_prepared.source)
    plan = plan_study(joint_spec, bare, {})
    assert {run.stage for run in plan.runs.values()} == {"pretrain", "score"}
    assert "pos: no training data for qab-Latn, so no fine-tuning on it." in plan.notes
    assert "pos: no test data for qac-Latn, so no score for it." in plan.notes
    assert any("fewer than two languages" in note for note in plan.notes)
