"""What every form keeps, on data that a study reads."""

import pickle

import pytest

from isogloss.tasks import FORMS


@pytest.mark.parametrize("name", FORMS)
def test_forms_can_be_sent_to_workers(name: str) -> None:
    assert pickle.loads(pickle.dumps(FORMS[name])) == FORMS[name]


@pytest.mark.parametrize("name", FORMS)
def test_the_objective_of_a_form_is_data(name: str) -> None:
    form = FORMS[name]
    assert form.objective() == form.objective()
