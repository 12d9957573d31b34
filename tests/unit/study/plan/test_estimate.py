import dataclasses
from pathlib import Path

import pytest

from isogloss.study import Prepared, Run, StudyPlan, estimate, plan_study
from isogloss.study.store.prepare import open_prepared
from unit.study import toys


def test_what_is_left_to_do(
    plan: StudyPlan, prepared: Prepared, done: tuple[Path, Run, Run]
) -> None:
    """3 pretrainings (6 + 6 + 12 updates), scored, and 4 fine-tunings of 3; one of each is done."""
    fresh = estimate(plan, prepared)
    assert (fresh.n_runs, fresh.n_finished, fresh.n_open) == (10, 0, 0)
    assert fresh.passes == 6 + 6 + 12 + 4 * 3
    assert 0 < fresh.seconds < 600
    begun = estimate(plan, open_prepared(done[0]))
    assert (begun.n_finished, begun.passes) == (3, fresh.passes - 12 - 3)


def test_what_a_treatment_costs_beyond_a_pass_is_counted(prepared: Prepared) -> None:
    """12 joint updates of 5/3 (a probe, then the direction), of 3 or of 1; 6 + 6 for each alone."""
    costs = {"pcgrad": 5 / 3, "l2_sp": 1.0, "meta_adapters": 3.0}
    options = {"pcgrad": {"scope": "model"}, "meta_adapters": {"hypergradient": "first_order"}}
    for name, passes in costs.items():
        treatments = ["monolingual", "untreated", {name: options.get(name, {})}]
        spec = toys.spec(treatments=treatments, seeds=[0])
        found = estimate(plan_study(spec, prepared, {}), prepared).passes
        assert found == pytest.approx(6 + 6 + 12 + 12 * passes)


def test_treated_fine_tunings_cost_what_their_update_costs(joint_prepared: Prepared) -> None:
    """A base of 18 updates, two languages alone of 3, joint runs of 6: one plain, one at 5/3."""
    treatments = ["monolingual", "untreated", {"pcgrad": {"scope": "model"}}]
    changes = {"treat": "finetuning", "tasks": ["pos"], "zero_shot_to": ["qac"], "seeds": [0]}
    plan = plan_study(toys.spec(treatments=treatments, **changes), joint_prepared, {})
    found = estimate(plan, joint_prepared)
    assert found.passes == pytest.approx(18 + 3 + 3 + 6 + 6 * 5 / 3)


def test_nothing_is_written(plan: StudyPlan, study: Path) -> None:
    estimate(plan, open_prepared(study))
    assert not (study / "runs").exists()


def test_nothing_left_costs_nothing(prepared: Prepared) -> None:
    done = estimate(StudyPlan(), prepared)
    assert dataclasses.astuple(done) == (0, 0, 0, 0.0, 0.0)


def test_only_finetunings_left_are_estimated_too(plan: StudyPlan, prepared: Prepared) -> None:
    assert estimate(plan, prepared).seconds > 0
    children = {key: run for key, run in plan.runs.items() if run.stage == "finetune"}
    parents = [run for run in plan.runs.values() if run.stage == "pretrain"][:1]
    some = StudyPlan(runs={**{run.run_id: run for run in parents}, **children})
    assert estimate(some, prepared).passes == pytest.approx(6 + 12)
