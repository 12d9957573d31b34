import pytest

from isogloss.study import Prepared
from isogloss.study.plan_pretraining import (
    base_plan,
    joint_updates,
    pretraining_run,
    updates_by_language,
)
from unit.study import toys


def test_the_budget_is_per_language() -> None:
    assert joint_updates(toys.spec(), toys.PAIR) == 2 * 6


def test_each_language_gets_its_own_budget(prepared: Prepared) -> None:
    plan = base_plan(toys.spec(), toys.PAIR, 12, seed=0)
    assert updates_by_language(prepared, plan) == dict.fromkeys(toys.PAIR, pytest.approx(6.0))


def test_a_pretraining_is_tested_on_what_it_learned(prepared: Prepared) -> None:
    run = pretraining_run(toys.spec(), prepared, base_plan(toys.spec(), toys.PAIR, 12, seed=0))
    assert run.targets == run.learned == toys.PAIR
    assert (run.stage, run.task, run.source_language) == ("pretrain", "masked_lm", None)
