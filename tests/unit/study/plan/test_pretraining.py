import dataclasses
from typing import Any

import pytest

from isogloss.study import Prepared, StudySpec
from isogloss.study.plan.pretraining import (
    base_plan,
    head_updates,
    joint_updates,
    measures_masked_lm,
    pretraining_run,
    score_run,
    start_run,
    starts,
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


def lacking(prepared: Prepared, *, head: bool) -> Prepared:
    """Return the material as of a checkpoint, with or without a masked-LM head."""
    wanted = {**prepared.facts["wanted"], "lacks_head": not head}
    return dataclasses.replace(prepared, facts={**prepared.facts, "wanted": wanted})


def checkpoint(**changes: Any) -> StudySpec:
    return toys.spec(model="someone/encoder", **changes)


@pytest.mark.parametrize(
    ("head", "given", "updates", "expected"),
    [
        (True, {}, 6, (0, True, True)),
        (False, {}, 6, (300, True, True)),
        (False, {"head_updates": 0}, 6, (0, True, True)),
        (True, {"head_updates": 5}, 0, (5, True, True)),
        (False, {}, 0, (300, True, True)),
        # Masked LM is neither trained nor measured.
        (False, {"head_updates": 0}, 0, (0, False, False)),
        (True, {}, 0, (0, True, False)),
    ],
)
def test_how_long_a_head_is_trained_alone(
    head: bool,
    given: dict[str, int],
    updates: int,
    expected: tuple[int, bool, bool],
    prepared: Prepared,
) -> None:
    spec = checkpoint(treat="finetuning", tasks=["pos"], pretraining={"updates": updates, **given})
    material = lacking(prepared, head=head)
    found = head_updates(spec, material), measures_masked_lm(spec, material)
    assert (*found, starts(spec, material)) == expected


def test_a_preset_starts_from_no_run(prepared: Prepared) -> None:
    spec = toys.spec()
    run = pretraining_run(spec, prepared, base_plan(spec, toys.PAIR, 12, seed=0))
    assert (run.starts_from, run.translations, run.masked_lm) == (None, (), True)
    assert not starts(spec, prepared)


def test_all_models_of_a_seed_start_from_one_head(prepared: Prepared) -> None:
    spec, material = checkpoint(), lacking(prepared, head=False)
    first, second = (start_run(spec, material, seed) for seed in (0, 1))
    assert first.run_id != second.run_id
    assert (first.updates, first.plan.languages, first.stage) == (300, toys.PAIR, "start")
    for languages in (toys.PAIR, toys.PAIR[:1]):
        run = pretraining_run(spec, material, base_plan(spec, languages, 6, seed=0))
        assert run.starts_from == first.run_id


def test_the_length_of_the_head_training_is_part_of_every_address(prepared: Prepared) -> None:
    material = lacking(prepared, head=False)
    found = set()
    for updates in (10, 20):
        spec = checkpoint(pretraining={"head_updates": updates})
        found.add(pretraining_run(spec, material, base_plan(spec, toys.PAIR, 6, 0)).run_id)
    assert len(found) == 2


def test_a_head_that_is_there_is_measured_once_for_all_seeds(prepared: Prepared) -> None:
    spec, material = checkpoint(), lacking(prepared, head=True)
    assert len({start_run(spec, material, seed).run_id for seed in (0, 1)}) == 1


def test_translations_that_guard_a_checkpoint(prepared: Prepared) -> None:
    """Those of the languages that a model reads; a monolingual one knows the others, too."""
    spec, material = checkpoint(), lacking(prepared, head=True)
    pair = (*toys.PAIR, "dev")
    for languages in (toys.PAIR, toys.PAIR[:1], toys.PAIR[1:]):
        run = pretraining_run(spec, material, base_plan(spec, languages, 6, seed=0))
        assert run.translations == (pair,)
        assert "parallel/qab-Latn/dev" in run.material
        assert score_run(spec, material, run).translations == ()
    assert start_run(spec, material, 0).translations == (pair,)
    untrained = pretraining_run(spec, material, base_plan(spec, toys.PAIR, 0, seed=0))
    assert untrained.translations == (pair,), "fine-tuning is held against them"
