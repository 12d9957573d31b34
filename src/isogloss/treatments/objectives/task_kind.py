"""The kind of task that a plan learns, for treatments that are defined kind by kind."""

from isogloss.core import InputError
from isogloss.training import ObjectiveSpec


def kind_of(objective: ObjectiveSpec, treatment: str) -> str:
    """Return the kind of task of a plan's loss: "classification", "tagging" or "qa".

    Args:
        objective: of the untreated plan.
        treatment: name of who asks, for the message.

    Raises:
        InputError: it is no loss of a task.
    """
    kind = getattr(objective, "kind", None)
    if not isinstance(kind, str):
        raise InputError(
            expected="a plan of fine-tuning on a task: texts, tags or questions",
            found=f"`{type(objective).__name__}`",
            where=f"treatments.{treatment}",
            next_step="Use it in a study with `treat: finetuning`.",
        )
    return kind
