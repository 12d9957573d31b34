"""Topic classification."""

from typing import Final

from isogloss.data.tasks.card import TaskCard

TOPIC: Final = TaskCard(
    name="topic",
    kind="topic",
    form="sequence_classification",
    metric="accuracy",
    description="The topic of a sentence.",
    reference="Adelani et al. 2024 (SIB-200)",
)
