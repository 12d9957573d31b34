"""The displays of the report, one file each; the table below is their order on the page.

To add one: a file with `frame(study)` (its tidy table), `build(study)` (what its template needs)
and `SECTION`, and a line here. A display that has nothing to show raises `NotMeasured` with the
reason, and the report prints that in its place.
"""

from typing import Final

from isogloss.report.exhibit import Section
from isogloss.report.sections import (
    answer,
    citations,
    comparisons,
    confounds,
    cost,
    interference_matrix,
    learning_curves,
    method,
    provenance,
    trade_off,
    transfer_matrix,
    verdicts,
)

SECTIONS: Final[tuple[Section, ...]] = (
    answer.SECTION,
    verdicts.SECTION,
    comparisons.SECTION,
    trade_off.SECTION,
    interference_matrix.SECTION,
    transfer_matrix.SECTION,
    learning_curves.SECTION,
    confounds.SECTION,
    cost.SECTION,
    method.SECTION,
    citations.SECTION,
    provenance.SECTION,
)

__all__ = ["SECTIONS"]
