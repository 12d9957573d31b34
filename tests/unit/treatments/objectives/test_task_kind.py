"""The kind of task of a plan, for each form of task; of masked text there is none."""

import pytest

import toys
from isogloss.core import InputError
from isogloss.tasks import FORMS
from isogloss.treatments.objectives.task_kind import kind_of


def test_every_form_of_task_has_a_kind() -> None:
    kinds = {name: kind_of(form.objective(), "filter") for name, form in FORMS.items()}
    assert kinds["token_classification"] == "tagging"
    assert kinds["sequence_classification"] == "classification"
    assert kinds["extractive_qa"] == kinds["extractive_qa_passage_only"] == "qa"


def test_masked_text_has_none() -> None:
    with pytest.raises(InputError, match="MaskedLMObjective") as refused:
        kind_of(toys.plan().objective, "filter")
    assert refused.value.where == "treatments.filter"
