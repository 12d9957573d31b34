import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from isogloss.evaluation import Cell
from isogloss.study import Run, StudyPlan
from isogloss.study.results.outcomes import Outcomes, read_outcomes
from unit.study import toys
from unit.study.toys import BASE, OTHER


@pytest.fixture(scope="module")
def made(plan: StudyPlan) -> Outcomes:
    return toys.outcomes(plan, lambda run, cell: 0.5)


def test_select_by_attributes(made: Outcomes) -> None:
    assert len(made.select(treatment="untreated")) == 3
    assert len(made.select(treatment="monolingual", learned=(OTHER,), task="pos")) == 1
    assert made.select(treatment="nobody") == []


def test_what_rests_on_a_destroyed_checkpoint(made: Outcomes) -> None:
    [scored] = made.select(treatment="untreated", stage="pretrain")
    base = made.trained(scored).run.run_id
    found = pd.DataFrame(
        {"run_id": [base, "other"], "language": "qaa-Latn", "left_plateau": None}
    ).assign(destroyed=[True, None])
    judged = made.judged_by(found)
    assert judged.destroyed == {base}
    for role in made.select(treatment="untreated"):
        assert judged.is_destroyed([role])
    assert not judged.is_destroyed(made.select(treatment="monolingual"))


def test_a_destroyed_fine_tuning_stands_for_itself_alone(made: Outcomes) -> None:
    [task, *_] = made.select(treatment="untreated", task="pos", source_language=BASE)
    outcome = made.by_run[task.run_id]
    guard = {"start": {"retrieval": {}}, "end": {}, "destroyed": True}
    worse = dataclasses.replace(outcome, result={**outcome.result, "guard": guard})
    nothing = pd.DataFrame({"run_id": [], "language": [], "left_plateau": [], "destroyed": []})
    changed = dataclasses.replace(made, by_run={**made.by_run, task.run_id: worse})
    judged = changed.judged_by(nothing)
    assert judged.destroyed == {task.run_id}
    assert judged.is_destroyed([task])
    assert not judged.is_destroyed(made.select(treatment="untreated", stage="pretrain"))


def test_the_plateau_of_a_checkpoint_is_one_of_its_head(made: Outcomes) -> None:
    [scored] = made.select(treatment="untreated", stage="pretrain")
    base = made.trained(scored).run
    stuck = dataclasses.replace(made, stuck=frozenset({(base.run_id, str(BASE))}))
    [task, *_] = made.select(treatment="untreated", task="pos", source_language=BASE)
    loss = Cell.of("masked_lm", "bits_per_byte", BASE, BASE)
    tagged = Cell.of("pos", "pos_accuracy", BASE, BASE)
    assert stuck.on_plateau([scored], loss) and stuck.on_plateau([task], tagged)
    started = dataclasses.replace(base, starts_from="start")
    again = dataclasses.replace(stuck.by_run[base.run_id], run=started)
    by_run = {**stuck.by_run, base.run_id: again}
    on_checkpoint = dataclasses.replace(stuck, by_run=by_run)
    assert on_checkpoint.on_plateau([scored], loss)
    assert not on_checkpoint.on_plateau([task], tagged)


def test_counts_over_seeds(made: Outcomes) -> None:
    cell = Cell.of("pos", "pos_accuracy", BASE, OTHER)
    roles = made.select(treatment="untreated", task="pos", source_language=BASE)
    counts = made.counts(roles, cell)
    assert counts is not None
    assert counts.shape == (1, 300, 2)
    assert made.counts([], cell) is None
    alone = made.select(treatment="monolingual", task="pos")[0]
    mixed = [*roles, dataclasses.replace(alone, seed=9)]
    assert made.counts(mixed, cell) is None, "a seed that did not measure it is no zero"
    same_seed = [*roles, dataclasses.replace(alone, seed=roles[0].seed)]
    found = made.counts(same_seed, cell)
    assert found is not None and found.shape == counts.shape, "one of a seed's two runs has it"


def test_the_budget_of_a_language(made: Outcomes) -> None:
    [role] = made.select(treatment="untreated", stage="pretrain")
    outcome = made.trained(role)
    assert (outcome.updates_on(BASE), outcome.run.plan.updates) == (6.0, 12)
    alone = made.select(treatment="monolingual", stage="pretrain", learned=(OTHER,))[0]
    assert made.by_run[alone.run_id].updates_on(BASE) == 0


def test_the_pretraining_behind_a_finetuning(made: Outcomes) -> None:
    [scored] = made.select(treatment="untreated", stage="pretrain")
    pretrained = made.trained(scored)
    assert pretrained.run.stage == "pretrain"
    for role in made.select(treatment="untreated"):
        assert made.treated(role) is pretrained


def test_the_training_behind_a_score(made: Outcomes) -> None:
    """A score's own model, even where fine-tuning is treated; a fine-tuning is its own training."""
    joint = dataclasses.replace(made, stage="finetune")
    for role in made.select(treatment="untreated"):
        stage = role.stage
        assert made.trained(role).run.stage == joint.treated(role).run.stage == stage


def test_only_finished_runs_are_read(plan: StudyPlan, done: tuple[Path, Run, Run]) -> None:
    folder, joint, child = done
    found = read_outcomes(plan, folder)
    [score] = [one for one, outcome in found.by_run.items() if outcome.run.stage == "score"]
    assert set(found.by_run) == {joint.run_id, score, child.run_id}
    assert {role.run_id for role in found.roles} == {score, child.run_id}
    counts = found.by_run[child.run_id].counts
    assert {cell.setting for cell in counts} == {"within_language", "zero_shot"}
    assert all(np.isfinite(one).all() for one in counts.values())
