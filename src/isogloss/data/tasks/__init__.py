"""Tasks: cards in one literal table, and the sets that they are trained and tested on."""

from isogloss.data.tasks.table import TASKS, TaskCard, task_card

__all__ = ["TASKS", "TaskCard", "task_card"]
