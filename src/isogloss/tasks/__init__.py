"""Forms of tasks: how examples are read, encoded, learned and scored; one file each.

A task is a card in `data/tasks` that names its form. Several tasks share a form; whoever trains
and tests asks the form and never which task it is. No form loads torch before it computes.

>>> task_form("pos-on-pos.pud") is task_form("ner")
True
"""

from collections.abc import Mapping
from typing import Any, Final

from isogloss.core import look_up
from isogloss.data import task_card
from isogloss.tasks.extractive_qa import ExtractiveQAForm
from isogloss.tasks.form import TaskForm
from isogloss.tasks.sequence_classification import SequenceClassificationForm
from isogloss.tasks.token_classification import TokenClassificationForm

__all__ = ["FORMS", "TaskForm", "task_form"]

FORMS: Final[Mapping[str, TaskForm[Any]]] = {
    "token_classification": TokenClassificationForm(),
    "sequence_classification": SequenceClassificationForm(),
    "extractive_qa": ExtractiveQAForm(),
    "extractive_qa_passage_only": ExtractiveQAForm(asks=False),
}


def task_form(task: str) -> TaskForm[Any]:
    """Return the form of a task.

    Args:
        task: name of a task, with or without sets.

    Raises:
        InputError: there is no such task, or its card names no form.
    """
    return look_up(FORMS, task_card(task).form, "form of a task")
