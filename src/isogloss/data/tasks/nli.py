"""Natural language inference."""

from typing import Final

from isogloss.data.tasks.card import TaskCard

NLI: Final = TaskCard(
    name="nli",
    kind="nli",
    form="sequence_classification",
    metric="accuracy",
    description="Whether a premise entails, contradicts or leaves open a hypothesis.",
    reference="Conneau et al. 2018 (XNLI)",
)
