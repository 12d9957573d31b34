"""Readers of data files: one file per format, each with exact error positions.

The kind of data says what is wanted (tagged sentences, pairs, ...), the content of the file says
in which format it is; file names are never asked. No reader loads pickle.
"""

from isogloss.data.readers.classified import read_classified
from isogloss.data.readers.columns import NumberedSentence
from isogloss.data.readers.examples import (
    HIDDEN,
    ClassifiedText,
    DataWarning,
    Question,
    TaggedSentence,
    UnmetLabels,
)
from isogloss.data.readers.headers import find_named
from isogloss.data.readers.labelled import LabelledRows
from isogloss.data.readers.layout import UPOS
from isogloss.data.readers.lines import SourceFile
from isogloss.data.readers.pairs import read_aligned, read_pairs
from isogloss.data.readers.reading import Account, Column, Reading
from isogloss.data.readers.squad import read_questions, verify_spans
from isogloss.data.readers.tagged import finish_tagged, read_tagged
from isogloss.data.readers.text import read_text

__all__ = [
    "HIDDEN",
    "UPOS",
    "Account",
    "ClassifiedText",
    "Column",
    "DataWarning",
    "LabelledRows",
    "NumberedSentence",
    "Question",
    "Reading",
    "SourceFile",
    "TaggedSentence",
    "UnmetLabels",
    "find_named",
    "finish_tagged",
    "read_aligned",
    "read_classified",
    "read_pairs",
    "read_questions",
    "read_tagged",
    "read_text",
    "verify_spans",
]
