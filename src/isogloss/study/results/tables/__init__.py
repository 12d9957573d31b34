"""The tables of a study, one file each."""

from isogloss.study.results.tables.averages import averages
from isogloss.study.results.tables.comparisons import comparisons
from isogloss.study.results.tables.diagnoses import diagnoses, with_conflict
from isogloss.study.results.tables.measured import measured
from isogloss.study.results.tables.mixtures import mixtures
from isogloss.study.results.tables.records import parameters, records
from isogloss.study.results.tables.transfer_gap import gap_correlation, transfer_gap
from isogloss.study.results.tables.truth import truth
from isogloss.study.results.tables.verdicts import verdicts

__all__ = [
    "averages",
    "comparisons",
    "diagnoses",
    "gap_correlation",
    "measured",
    "mixtures",
    "parameters",
    "records",
    "transfer_gap",
    "truth",
    "verdicts",
    "with_conflict",
]
