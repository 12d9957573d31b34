"""From a batch to one loss for each language.

An objective has two halves. `prepare` decides what is to be predicted, for the whole batch of an
update and on the CPU, so that every process of a data-parallel run agrees. `losses` runs the model
on one process's share of the rows and sums the loss of each language.
"""

from typing import TYPE_CHECKING

from isogloss.core import make_lazy

if TYPE_CHECKING:
    from isogloss.objectives.contract import LanguageLosses, Objective, Targets, sum_by_language
    from isogloss.objectives.extractive_qa import ExtractiveQA, position_scores
    from isogloss.objectives.masked_lm import MaskedLM
    from isogloss.objectives.sequence_classification import SequenceClassification
    from isogloss.objectives.token_classification import TokenClassification

__all__ = [
    "ExtractiveQA",
    "LanguageLosses",
    "MaskedLM",
    "Objective",
    "SequenceClassification",
    "Targets",
    "TokenClassification",
    "position_scores",
    "sum_by_language",
]

make_lazy(__name__)
