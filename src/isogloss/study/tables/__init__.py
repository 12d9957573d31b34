"""The tables of a study, one file each."""

from isogloss.study.tables.averages import averages
from isogloss.study.tables.comparisons import comparisons
from isogloss.study.tables.conflict import conflict, with_conflict
from isogloss.study.tables.forgetting import forgetting
from isogloss.study.tables.mixtures import mixtures
from isogloss.study.tables.parameters import parameters
from isogloss.study.tables.records import records
from isogloss.study.tables.verdicts import verdicts

__all__ = [
    "averages",
    "comparisons",
    "conflict",
    "forgetting",
    "mixtures",
    "parameters",
    "records",
    "verdicts",
    "with_conflict",
]
