"""The displays of the report, one file each; the table below is their order on the page.

To add one: a file with `frame(study)` (its tidy table), `build(study)` (what its template needs)
and `SECTION`, and a line here. A display that has nothing to show raises `NotMeasured` with the
reason, and the report prints that in its place; one that a study did not ask for raises `NotAsked`,
and the report leaves it out.
"""

from typing import Final

from isogloss.report.exhibit import Section
from isogloss.report.sections import (
    answer,
    averages,
    beside_the_paper,
    citations,
    comparisons,
    confounds,
    cost,
    cross_lingual_signal,
    factors,
    forgetting,
    gradient_conflict,
    interference_matrix,
    learning_curves,
    measurements,
    method,
    paper_without_numbers,
    parameters,
    provenance,
    trade_off,
    transfer_matrix,
    truth,
    verdicts,
    where_it_lives,
)

SECTIONS: Final[tuple[Section, ...]] = (
    answer.SECTION,
    truth.SECTION,
    averages.SECTION,
    verdicts.SECTION,
    comparisons.SECTION,
    trade_off.SECTION,
    beside_the_paper.SECTION,
    paper_without_numbers.SECTION,
    interference_matrix.SECTION,
    transfer_matrix.SECTION,
    forgetting.SECTION,
    learning_curves.SECTION,
    gradient_conflict.SECTION,
    cross_lingual_signal.SECTION,
    where_it_lives.SECTION,
    factors.SECTION,
    measurements.SECTION,
    confounds.SECTION,
    parameters.SECTION,
    cost.SECTION,
    method.SECTION,
    citations.SECTION,
    provenance.SECTION,
)

__all__ = ["SECTIONS"]
