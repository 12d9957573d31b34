"""Extractive question answering without the question: how much of a score needs none."""

from typing import Final

from isogloss.data.tasks.card import TaskCard

QA_PASSAGE_ONLY: Final = TaskCard(
    name="qa_passage_only",
    kind="qa",
    form="extractive_qa_passage_only",
    metric="qa_f1",
    description="Baseline of `qa`: the same training and tests, with every question left empty.",
    reference="Kaushik and Lipton 2018 (How Much Reading Does Reading Comprehension Require?)",
    other_metrics=("qa_em",),
)
