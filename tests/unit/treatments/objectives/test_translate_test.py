"""Translate-test: trained as the source's own model, tested on translations; classes only."""

from typing import Any

import pytest
import torch

from isogloss.core import InputError
from unit.treatments.objectives.pairs import Built, plan_of


def test_it_trains_as_fine_tuning_on_the_source_language_does() -> None:
    one = Built(plan_of("classification", "translate_test"))
    objective: Any = one.plan.objective
    plain, batch = objective.task.build(one.context), one.sampler.batch(0)
    assert set(batch.language.tolist()) == {0}
    with torch.no_grad():
        ours = one.objective.losses(one.model, one.targets(0, batch)).total
        assert torch.equal(ours, plain.losses(one.model, plain.prepare(batch, 0)).total)


def test_its_tests_are_read_in_translation() -> None:
    objective: Any = plan_of("classification", "translate_test").objective
    assert objective.reads.at_test == "instead"
    assert objective.predictor("classifier") == "classifier"


@pytest.mark.parametrize(("kind", "found"), [("tagging", "tags"), ("qa", "answers")])
def test_what_stands_in_the_text_is_refused(kind: str, found: str) -> None:
    with pytest.raises(InputError, match=found):
        plan_of(kind, "translate_test")
