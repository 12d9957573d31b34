"""Two finished systems: which languages got worse, is it real, and what would decide the rest.

Per-example scores of BASE and NEW, from any harness, are brought into one form (`Scored`), paired
by example, and compared language by language and slice by slice:

    base, new = read_scores(Path("base-run")), read_scores(Path("new-run"))
    found = compare_scores(base, new)
    found.rows  # one row per language and slice: harm, interval, verdict

A score from elsewhere enters as a table with the columns of `make_scored`; a file layout that is
not known yet is one more reader in `READERS`. Nothing here loads torch.
"""

from isogloss.comparison.compare import Choices, Comparison, compare_scores
from isogloss.comparison.readers import READERS, Reader, read_scores
from isogloss.comparison.scored import SCORED_COLUMNS, Scored, make_scored
from isogloss.comparison.task_languages import read_mapping
from isogloss.comparison.writing import refuse_other_folder, write_comparison

__all__ = [
    "READERS",
    "SCORED_COLUMNS",
    "Choices",
    "Comparison",
    "Reader",
    "Scored",
    "compare_scores",
    "make_scored",
    "read_mapping",
    "read_scores",
    "refuse_other_folder",
    "write_comparison",
]
