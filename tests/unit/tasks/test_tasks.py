import pytest

from isogloss.core import InputError
from isogloss.data import TASKS
from isogloss.tasks import FORMS, task_form


@pytest.mark.parametrize("name", TASKS)
def test_every_card_names_a_form(name: str) -> None:
    assert task_form(name) is FORMS[TASKS[name].form]


@pytest.mark.parametrize("name", FORMS)
def test_forms_are_plain_values_that_no_two_tasks_forms_share(name: str) -> None:
    assert [key for key, form in FORMS.items() if form == FORMS[name]] == [name]
    assert hash(FORMS[name]) == hash(FORMS[name])


def test_a_task_that_is_none_is_refused() -> None:
    with pytest.raises(InputError, match="a task: one of"):
        task_form("poss")
