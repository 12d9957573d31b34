"""Finished models on the same text: bits per byte of raw text, and tasks that they have a head for.

    base, new = score_models(Path("base"), Path("new"), Path("texts"), Path("out"))
    found = compare_scores(base, new)

Results are written shard by shard below `out/scores`, as tables that `read_scores` reads; the same
call goes on where it was.
"""

from isogloss.comparison.language_models.score import ScoringChoices, score_models
from isogloss.comparison.language_models.tasks import score_tasks

__all__ = ["ScoringChoices", "score_models", "score_tasks"]
