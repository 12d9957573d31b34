"""Tasks: one file each, one line each in `TASKS`."""

from isogloss.data.tasks.card import TaskCard
from isogloss.data.tasks.sets import task_card
from isogloss.data.tasks.table import TASKS

__all__ = ["TASKS", "TaskCard", "task_card"]
