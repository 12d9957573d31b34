"""Part-of-speech tagging as the XTREME benchmark scores it."""

from typing import Final

from isogloss.data.tasks.card import TaskCard

POS_XTREME: Final = TaskCard(
    name="pos_xtreme",
    kind="pos",
    form="token_classification",
    metric="pos_f1",
    description="`pos` by XTREME's F1 over runs of equal tags, which is no accuracy, and by "
    "accuracy.",
    reference="Hu et al. 2020 (XTREME), scored by seqeval 0.0.12",
    other_metrics=("pos_accuracy",),
)
