"""Scores with the predictions behind them: one row of counts for each test example.

A score is a metric's value at summed counts (`isogloss.core.METRICS`); the rows stay, so that two
systems can be compared example by example. No result depends on the batch size, and every model
is tested on the same masks. Models are left as they were: modes, weights, random state.

>>> import numpy as np
>>> from isogloss.core import Language
>>> swahili = Language.parse("swa-Latn")
>>> cell = Cell.of("pos", "pos_accuracy", swahili, swahili)
>>> table = PredictionTable(cell, np.array([[3.0, 4.0], [4.0, 4.0]]), ("A B C D", "E F G H"))
>>> table.score(), cell.setting
(0.875, 'within_language')
"""

from isogloss.evaluation.causal_lm import Windows, causal_bits
from isogloss.evaluation.inference import LanguageIndex
from isogloss.evaluation.labelled import (
    LabelledTest,
    evaluate_classification,
    evaluate_tagging,
    scored_again,
)
from isogloss.evaluation.labelled_loss import chance_nats, labelled_nats
from isogloss.evaluation.layer_means import layer_means
from isogloss.evaluation.masked_lm import MaskedText, evaluate_masked_lm, unigram_nats
from isogloss.evaluation.predictions import (
    Cell,
    PredictionTable,
    read_predictions,
    stacked_counts,
    write_predictions,
)
from isogloss.evaluation.questions import evaluate_questions, span_nats
from isogloss.evaluation.retrieval import evaluate_retrieval

__all__ = [
    "Cell",
    "LabelledTest",
    "LanguageIndex",
    "MaskedText",
    "PredictionTable",
    "Windows",
    "causal_bits",
    "chance_nats",
    "evaluate_classification",
    "evaluate_masked_lm",
    "evaluate_questions",
    "evaluate_retrieval",
    "evaluate_tagging",
    "labelled_nats",
    "layer_means",
    "read_predictions",
    "scored_again",
    "span_nats",
    "stacked_counts",
    "unigram_nats",
    "write_predictions",
]
