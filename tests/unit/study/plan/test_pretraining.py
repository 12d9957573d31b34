import pytest

from isogloss.study import Prepared
from isogloss.study.plan.pretraining import (
    base_plan,
    joint_updates,
    pretraining_run,
    score_run,
    updates_by_language,
)
from unit.study import toys


def test_the_budget_is_per_language() -> None:
    assert joint_updates(toys.spec(), toys.PAIR) == 2 * 6


def test_each_language_gets_its_own_budget(prepared: Prepared) -> None:
    plan = base_plan(toys.spec(), toys.PAIR, 12, seed=0)
    assert updates_by_language(prepared, plan) == dict.fromkeys(toys.PAIR, pytest.approx(6.0))


def test_a_pretrained_model_is_tested_on_what_it_learned(prepared: Prepared) -> None:
    run = pretraining_run(toys.spec(), prepared, base_plan(toys.spec(), toys.PAIR, 12, seed=0))
    assert (run.stage, run.task, run.source_language) == ("pretrain", "masked_lm", None)
    assert (run.targets, run.updates) == ((), 12)
    score = score_run(toys.spec(), prepared, run)
    assert score.targets == run.learned == toys.PAIR
    assert (score.stage, score.starts_from, score.updates) == ("score", run.run_id, 0)


def test_a_search_on_dev_data_and_its_test_share_their_trainings(prepared: Prepared) -> None:
    runs = []
    for split in ("dev", "test"):
        spec = toys.spec(scored_on=split)
        run = pretraining_run(spec, prepared, base_plan(spec, toys.PAIR, 12, seed=0))
        runs.append((run.run_id, score_run(spec, prepared, run).run_id))
    assert runs[0][0] == runs[1][0]
    assert runs[0][1] != runs[1][1]
