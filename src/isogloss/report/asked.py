"""What a study asked for: a display of what nobody asked for is left out, not shown empty."""

from typing import Final

from isogloss.report.study_files import StudyFiles

_ALONE: Final = "monolingual"
# The task of pretraining itself; a study of which it is the only one tested no task.
_PRETRAINING: Final = "masked_lm"


def asks_for_treatments(study: StudyFiles) -> bool:
    """Return whether a study compares treatments; where `study.json` does not say, it may."""
    joint = [one for one in study.items("treatments") if one.get("name") != _ALONE]
    return not study.items("treatments") or len(joint) > 1


def asks_for_tasks(study: StudyFiles) -> bool:
    """Return whether any table of a study speaks of a task that is fine-tuned or retrieved."""
    tables = [table for table in study.tables.values() if "task" in table]
    return any((~table["task"].isin(("", _PRETRAINING))).any() for table in tables)
