"""Part-of-speech tagging."""

from typing import Final

from isogloss.data.tasks.card import TaskCard

POS: Final = TaskCard(
    name="pos",
    kind="pos",
    form="token_classification",
    metric="pos_accuracy",
    description="The universal part of speech of every syntactic word.",
    reference="Nivre et al. 2020 (Universal Dependencies v2)",
)
