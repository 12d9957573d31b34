"""Extractive question answering."""

from typing import Final

from isogloss.data.tasks.card import TaskCard

QA: Final = TaskCard(
    name="qa",
    kind="qa",
    form="extractive_qa",
    metric="qa_f1",
    description="The part of a paragraph that answers a question.",
    reference="Clark et al. 2020 (TyDi QA, gold passage); Artetxe et al. 2020 (XQuAD); Lewis et "
    "al. 2020 (MLQA)",
    other_metrics=("qa_em",),
)
