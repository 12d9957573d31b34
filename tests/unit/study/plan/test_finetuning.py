"""Which weights move, and whose modules a test runs through: W1, W2, Z1, Z2, Z3."""

from typing import Any

import pytest

from isogloss.study import Prepared, StudyPlan, plan_study
from isogloss.study.plan.finetuning import finetune_updates
from isogloss.study.plan.runs import Run
from unit.study import toys
from unit.study.toys import BASE, OTHER

ADAPTERS = ["monolingual", "untreated", {"language_adapters": {"bottleneck": 4}}]


def planned(prepared: Prepared, **finetuning: Any) -> StudyPlan:
    spec = toys.spec(treatments=ADAPTERS, tasks=["pos"], seeds=[0], finetuning=finetuning)
    return plan_study(spec, prepared, {})


def of(plan: StudyPlan, treatment: str, source: Any) -> list[tuple[Any, ...]]:
    found: list[Run] = [
        plan.runs[role.run_id]
        for role in plan.roles
        if role.treatment == treatment and role.source_language == source
    ]
    return [(run.language_modules, run.route, run.targets) for run in found]


def test_by_default_modules_move_for_tests_within_and_rest_for_zero_shot(
    prepared: Prepared,
) -> None:
    plan = planned(prepared)
    assert of(plan, "language_adapters", BASE) == [
        ("tuned", "target", (BASE,)),
        ("frozen", "target", (OTHER,)),
    ]
    assert of(plan, "untreated", BASE) == [("frozen", "target", (BASE, OTHER))]


def test_zero_shot_may_be_asked_for_from_the_pivot_alone(prepared: Prepared) -> None:
    plan = planned(prepared, zero_shot_from="pivot")
    assert len(of(plan, "language_adapters", BASE)) == 2
    assert of(plan, "language_adapters", OTHER) == [("tuned", "target", (OTHER,))]


@pytest.mark.parametrize("word", ["frozen", "tuned"])
@pytest.mark.parametrize("route", ["target", "source"])
def test_one_word_for_both_needs_one_training(prepared: Prepared, word: str, route: str) -> None:
    plan = planned(prepared, language_modules=word, route=route)
    assert of(plan, "language_adapters", OTHER) == [(word, route, (BASE, OTHER))]


def test_switches_do_not_touch_models_without_modules(prepared: Prepared) -> None:
    plain = planned(prepared)
    other = planned(prepared, language_modules="tuned", route="source")
    runs = [
        {role.run_id for role in plan.roles if role.treatment in ("untreated", "monolingual")}
        for plan in (plain, other)
    ]
    assert runs[0] == runs[1]


def test_each_protocol_has_an_address_of_its_own(prepared: Prepared) -> None:
    ids = set()
    for word in ("frozen", "tuned"):
        for route in ("target", "source"):
            plan = planned(prepared, language_modules=word, route=route)
            [run] = [
                run_id
                for run_id, run in plan.runs.items()
                if run.language_modules == word
                and run.source_language == BASE
                and plan.runs[run.starts_from or ""].plan.modules
            ]
            ids.add(run)
    assert len(ids) == 4


@pytest.mark.parametrize(
    ("n_examples", "rows", "epochs", "updates"), [(24, 8, 1, 3), (25, 8, 2, 8), (1, 32, 3, 3)]
)
def test_updates_of_some_epochs(n_examples: int, rows: int, epochs: int, updates: int) -> None:
    assert finetune_updates(n_examples, rows, epochs) == updates


def test_a_task_is_trained_by_its_own_settings(prepared: Prepared) -> None:
    own = {"length": 20, "rows": 3, "epochs": 1, "learning_rate": 0.25, "max_examples": 6}
    found = planned(prepared, length=24, tasks={"pos": own})
    run = next(run for run in found.runs.values() if run.stage == "finetune")
    assert (run.plan.length, run.plan.rows, run.max_examples) == (20, 3, 6)
    assert run.plan.updates == 2
    assert run.plan.step.optimizer.learning_rate == 0.25
