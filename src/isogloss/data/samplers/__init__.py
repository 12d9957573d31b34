"""Which rows of which languages make the next batch: functions of the update number.

Nothing is drawn from a stream of random numbers that would have to be saved: batch 1,000 of a
resumed run is batch 1,000 of a run that was never stopped.

>>> from isogloss.core import Language
>>> quota = LanguageQuota({Language.parse("en"): 75, Language.parse("sw"): 25}, exponent=1.0)
>>> quota.counts(4 * 16)  # rows of each language in the first 4 batches of 16
array([48, 16])
"""

from isogloss.data.batches import Sampler
from isogloss.data.samplers.examples import (
    IGNORED,
    UNSAID,
    EncodedExample,
    EncodedExamples,
    encode_classified,
    encode_tagged,
)
from isogloss.data.samplers.labelled_rows import choose_rows
from isogloss.data.samplers.language_order import LanguageOrder
from isogloss.data.samplers.language_quota import LanguageQuota
from isogloss.data.samplers.mixed_task import MixedTaskSampler
from isogloss.data.samplers.single_language import SingleLanguageSampler
from isogloss.data.samplers.task import TaskSampler
from isogloss.data.samplers.text import TextSampler
from isogloss.data.samplers.windows import Window, encode_questions, question_windows
from isogloss.data.shares import language_shares

__all__ = [
    "IGNORED",
    "UNSAID",
    "EncodedExample",
    "EncodedExamples",
    "LanguageOrder",
    "LanguageQuota",
    "MixedTaskSampler",
    "Sampler",
    "SingleLanguageSampler",
    "TaskSampler",
    "TextSampler",
    "Window",
    "choose_rows",
    "encode_classified",
    "encode_questions",
    "encode_tagged",
    "language_shares",
    "question_windows",
]
