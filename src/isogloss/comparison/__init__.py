"""Two finished systems: which languages got worse, is it real, and what would decide the rest.

Per-example scores of BASE and NEW, from any harness, are brought into one form (`Scored`), paired
by example, and compared language by language and slice by slice:

    base, new = read_scores(Path("base-run")), read_scores(Path("new-run"))
    found = compare_scores(base, new)
    found.rows  # one row per language and slice: harm, interval, verdict

A score from elsewhere enters as a table with the columns of `make_scored`; a file layout that is
not known yet is one more reader in `READERS`. Scoring models on text
(`score_models`) and on tasks (`score_tasks`) loads torch; nothing else here does.
"""

from typing import TYPE_CHECKING

from isogloss.core import make_lazy

if TYPE_CHECKING:
    from isogloss.comparison.compare import Choices, Comparison, compare_scores
    from isogloss.comparison.gate import Decision, Policy, decide, read_policy, write_decision
    from isogloss.comparison.language_models import ScoringChoices, score_models, score_tasks
    from isogloss.comparison.readers import READERS, Reader, read_scores
    from isogloss.comparison.scored import SCORED_COLUMNS, Scored, joined_scores, make_scored
    from isogloss.comparison.task_languages import read_mapping
    from isogloss.comparison.writing import refuse_other_folder, write_comparison

__all__ = [
    "READERS",
    "SCORED_COLUMNS",
    "Choices",
    "Comparison",
    "Decision",
    "Policy",
    "Reader",
    "Scored",
    "ScoringChoices",
    "compare_scores",
    "decide",
    "joined_scores",
    "make_scored",
    "read_mapping",
    "read_policy",
    "read_scores",
    "refuse_other_folder",
    "score_models",
    "score_tasks",
    "write_comparison",
    "write_decision",
]

make_lazy(__name__)
