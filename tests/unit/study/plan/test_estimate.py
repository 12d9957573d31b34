import dataclasses
import time
from pathlib import Path

import pytest

from isogloss.data import encode_questions
from isogloss.models import create_model, model_size
from isogloss.study import Prepared, Run, StudyPlan, estimate, plan_study, prepare
from isogloss.study.plan import arithmetic
from isogloss.study.plan.estimate import cost_of
from isogloss.study.plan.pretraining import text_context
from isogloss.study.plan.speed import measure_speed
from isogloss.study.store.prepared import open_prepared
from isogloss.training import PlainEngine, Training
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
    assert dataclasses.astuple(done) == (0, 0, 0, 0.0, 0.0, 0.0, {}, {})


def test_only_finetunings_left_are_estimated_too(plan: StudyPlan, prepared: Prepared) -> None:
    assert estimate(plan, prepared).seconds > 0
    children = {key: run for key, run in plan.runs.items() if run.stage == "finetune"}
    parents = [run for run in plan.runs.values() if run.stage == "pretrain"][:1]
    some = StudyPlan(runs={**{run.run_id: run for run in parents}, **children})
    assert estimate(some, prepared).passes == pytest.approx(6 + 12)


def test_each_run_has_its_time_its_memory_and_what_it_reads(
    plan: StudyPlan, prepared: Prepared
) -> None:
    costs = estimate(plan, prepared).runs
    joint = next(run for run in plan.runs.values() if len(run.plan.languages) == 2)
    alone = next(run for run in plan.runs.values() if len(run.plan.languages) == 1)
    assert costs[joint.run_id].seconds > costs[alone.run_id].seconds
    assert all(500 < cost.memory_mb < 1000 for cost in costs.values())
    # Twelve updates, half of their rows in each language.
    assert costs[joint.run_id].epochs == pytest.approx(costs[alone.run_id].epochs, rel=0.01) or (
        set(costs[joint.run_id].epochs) > set(costs[alone.run_id].epochs)
    )


def test_estimates_are_near_what_an_update_takes(prepared: Prepared) -> None:
    """Processor time of real updates of the toy's model; machines that are shared are slower."""
    spec = toys.spec(tasks=[], seeds=[0], pretraining={"updates": 40, "rows": 16, "length": 64})
    plan = plan_study(spec, prepared, {})
    run = next(run for run in plan.runs.values() if run.stage == "pretrain")
    context = text_context(prepared, run.plan)
    model = create_model(
        run.model, tokenizer=prepared.tokenizer, languages=run.plan.languages, seed=0
    )
    training = Training(run.plan, model, context, PlainEngine("fp32"))
    taken = []
    for update in range(8):
        began = time.process_time()
        training.step.update(update, training.sampler.batch(update))
        taken.append(time.process_time() - began)
    shape = {"rows": 16.0, "length": 64.0, "predicted": 0.3}
    work = arithmetic.update(model_size(run.model), prepared.vocabulary_size, **shape)
    assert 0.3 < measure_speed().seconds(work) / min(taken) < 3.0


def test_questions_are_counted_by_their_windows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bed = toys.write_bed(tmp_path / "bed", "conflict")
    toys.write_questions(bed)
    own = {"qa": {"length": 24, "max_examples": 8}}
    spec = toys.spec(tasks=["qa"], seeds=[0], finetuning={"tasks": own})
    prepared = prepare(spec, str(bed), tmp_path / "study")
    plan = plan_study(spec, prepared, {})
    run = next(run for run in plan.runs.values() if run.stage == "finetune")

    questions = prepared.source.questions("qa", toys.BASE, "train")[:100]
    rows = encode_questions(questions, prepared.tokenizer, 24)
    per_example, mean = prepared.row_shape("qa", toys.BASE, "train", 24)
    assert per_example == len(rows) / len(questions) > 2
    assert mean == sum(len(row.ids) for row in rows) / len(rows) > 16

    speed = measure_speed()
    true = cost_of(run, prepared, speed)
    monkeypatch.setattr(Prepared, "row_shape", lambda *_: (1.0, 8.0))
    assert true.seconds > cost_of(run, prepared, speed).seconds


def test_a_model_that_is_not_pretrained_is_evaluated_once(joint_prepared: Prepared) -> None:
    changes = {"treat": "finetuning", "tasks": ["pos"], "seeds": [0]}
    plan = plan_study(toys.spec(**changes), joint_prepared, {})
    run = next(run for run in plan.runs.values() if run.stage == "pretrain")
    as_it_is = dataclasses.replace(run, plan=dataclasses.replace(run.plan, updates=0))
    often = dataclasses.replace(as_it_is, dev_points=8)
    speed = measure_speed()
    first, second = (cost_of(one, joint_prepared, speed).seconds for one in (as_it_is, often))
    assert first == second
