"""Translate-train: the task's own loss on rows of all languages; hidden tags from a teacher."""

from typing import Any

import pytest
import torch

from unit.treatments.objectives.pairs import Built, plan_of


@pytest.mark.parametrize("kind", ["classification", "qa"])
def test_its_loss_is_the_task_s_own(kind: str) -> None:
    one = Built(plan_of(kind, "translate_train"))
    objective: Any = one.plan.objective
    plain = objective.task.build(one.context)
    batch = one.sampler.batch(0)
    assert set(batch.language.tolist()) == {0, 1}
    with torch.no_grad():
        ours = one.objective.losses(one.model, one.targets(0, batch)).total
        assert torch.equal(ours, plain.losses(one.model, plain.prepare(batch, 0)).total)
    assert objective.earlier is None and objective.passes == 1.0


def test_tags_that_are_said_are_learned_and_others_come_from_the_teacher() -> None:
    one = Built(plan_of("tagging", "translate_train"))
    batch, teacher = one.sampler.batch(0), one.context.teacher
    assert teacher is not None
    with torch.no_grad():
        before = one.objective.losses(one.model, one.targets(0, batch)).total
        teacher.head.bias += torch.tensor([3.0, 0.0, 0.0])
        after = one.objective.losses(one.model, one.targets(0, batch)).total
    assert before[0] == after[0], "the source's tags are gold"
    assert before[1] != after[1]


def test_one_language_or_all() -> None:
    every: Any = plan_of("classification", "translate_train").objective
    one: Any = plan_of("classification", "translate_train", language="sw").objective
    assert every.reads.languages == "all"
    assert one.reads.languages == "sw"


def test_given_tags_need_no_teacher() -> None:
    objective: Any = plan_of("tagging", "translate_train", labels="given").objective
    assert objective.earlier is None and objective.passes == 1.0
