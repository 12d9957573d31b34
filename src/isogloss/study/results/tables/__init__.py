"""The tables of a study, one file each."""

from isogloss.study.results.tables.averages import averages
from isogloss.study.results.tables.comparisons import comparisons
from isogloss.study.results.tables.conflict import conflict, with_conflict
from isogloss.study.results.tables.diagnoses import diagnoses
from isogloss.study.results.tables.forgetting import forgetting
from isogloss.study.results.tables.mixtures import mixtures
from isogloss.study.results.tables.parameters import parameters
from isogloss.study.results.tables.records import records
from isogloss.study.results.tables.verdicts import verdicts

__all__ = [
    "averages",
    "comparisons",
    "conflict",
    "diagnoses",
    "forgetting",
    "mixtures",
    "parameters",
    "records",
    "verdicts",
    "with_conflict",
]
