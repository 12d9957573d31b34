"""What one test example adds to each metric: one file for each kind of metric.

The counts are in the order of `isogloss.core.METRICS[name].counts`; a score is the metric's value
at their sum, so resampling examples needs no second look at the predictions.

>>> from isogloss.core import METRICS
>>> import numpy as np
>>> counts = np.array([span_counts(["B-PER", "I-PER", "O"], ["B-PER", "O", "O"])])
>>> counts.tolist(), METRICS["entity_f1"].value(counts.sum(axis=0)).item()
([[0.0, 1.0, 1.0]], 0.0)
"""

from isogloss.evaluation.metrics.answers import answer_normaliser, answer_scores
from isogloss.evaluation.metrics.counts import (
    answer_counts,
    bit_counts,
    retrieval_counts,
    tag_counts,
)
from isogloss.evaluation.metrics.entity_spans import Span, entity_spans, span_counts, tag_runs

__all__ = [
    "Span",
    "answer_counts",
    "answer_normaliser",
    "answer_scores",
    "bit_counts",
    "entity_spans",
    "retrieval_counts",
    "span_counts",
    "tag_counts",
    "tag_runs",
]
