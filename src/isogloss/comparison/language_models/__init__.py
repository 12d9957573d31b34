"""Bits per byte of finished language models on raw text, a document (line) at a time.

    base, new = score_models(Path("base"), Path("new"), Path("texts"), Path("out"))
    found = compare_scores(base, new)

Results are written shard by shard below `out/scores`, as tables that `read_scores` reads; the same
call goes on where it was.
"""

from isogloss.comparison.language_models.score import ScoringChoices, score_models

__all__ = ["ScoringChoices", "score_models"]
