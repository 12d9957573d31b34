"""Paraphrase identification."""

from typing import Final

from isogloss.data.tasks.card import TaskCard

PARAPHRASE: Final = TaskCard(
    name="paraphrase",
    kind="nli.pawsx",
    form="sequence_classification",
    metric="accuracy",
    description="Whether two sentences mean the same.",
    reference="Yang et al. 2019 (PAWS-X)",
)
