import dataclasses
from typing import Any

import pytest

from isogloss.core import SEVERAL, Language
from isogloss.study import Role, Run, StudyPlan
from isogloss.training import TextSampling, content_hash
from toys import PAIR, plan


def run(**changes: Any) -> Run:
    plain = Run("pretrain", plan(), "micro", {"tokenizer": "t"}, "masked_lm", PAIR)
    return dataclasses.replace(plain, **changes)


MATTERS = {
    "stage": "finetune",
    "plan": plan(seed=2),
    "model": "tiny",
    "material": {"tokenizer": "other"},
    "task": "ner",
    "targets": PAIR[:1],
    "source_language": PAIR[0],
    "starts_from": "pretrain-x",
    "language_modules": "tuned",
    "route": "source",
    "max_examples": 10,
    "measures": ("forgetting",),
    "groups": 4,
    "scored_on": "dev",
    "translations": ((*PAIR, "dev"),),
    "masked_lm": False,
    "provider": {"provider": "parallel_labelled"},
}
DOES_NOT = {"dev_points": 3, "checkpoint_seconds": 1.0, "tensorboard": True, "conflict": 7}


def test_every_field_is_one_or_the_other() -> None:
    assert set(MATTERS) | set(DOES_NOT) == {field.name for field in dataclasses.fields(Run)}


@pytest.mark.parametrize("name", MATTERS)
def test_what_the_result_depends_on_changes_the_address(name: str) -> None:
    assert run(**{name: MATTERS[name]}).spec_hash != run().spec_hash


@pytest.mark.parametrize("name", DOES_NOT)
def test_how_a_run_is_watched_does_not(name: str) -> None:
    assert run(**{name: DOES_NOT[name]}).run_id == run().run_id


def test_what_a_run_is_trained_on() -> None:
    assert run().learned == PAIR
    alone = run(stage="finetune", source_language=PAIR[0])
    assert (alone.learned, alone.is_joint) == (PAIR[:1], False)
    together = run(stage="finetune", source_language=SEVERAL)
    assert (together.learned, together.is_joint) == (PAIR, True)
    of_groups = run(stage="finetune", source_language=PAIR[0], groups=2)
    assert (of_groups.learned, of_groups.is_joint) == (PAIR[:1], True)


def test_the_treatment_that_made_the_plan_does_not() -> None:
    claimed = plan().replace_parts("one", sampler=TextSampling(0.0))
    assert run(plan=claimed).run_id == run().run_id


def test_the_name_of_a_run_says_what_it_is() -> None:
    one = run()
    assert one.spec_hash == content_hash(one.describe())
    assert one.run_id == f"pretrain-eng+swa-s1-{one.spec_hash[:10]}"
    tuned = run(stage="finetune", task="ner", source_language=PAIR[1])
    assert tuned.run_id.startswith("finetune-eng+swa-ner-swa-Latn-s1-")


def test_names_of_a_role() -> None:
    role = Role("untreated", PAIR, PAIR[1:], "", "x", "pretrain", "masked_lm", 0, None)
    assert (role.mixture_name, role.learned_name) == ("eng-Latn+swa-Latn", "swa-Latn")
    assert Language.parse(role.learned_name) == PAIR[1]


def test_a_run_is_taken_in_once(plan: StudyPlan) -> None:
    mine = StudyPlan()
    run = next(iter(plan.runs.values()))
    assert mine.add(run) == mine.add(run) == run.run_id
    assert list(mine.runs) == [run.run_id]
    assert mine.treated == "pretrain"
