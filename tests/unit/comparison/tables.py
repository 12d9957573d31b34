"""Scores of two systems for the tests."""

import numpy as np
import pandas as pd

from isogloss.comparison import Scored, make_scored


def scored(seed: int, shares: dict[str, float], n: int = 300, **columns: object) -> Scored:
    """Return right and wrong answers, a share right in each language."""
    rng = np.random.default_rng(seed)
    parts = [
        pd.DataFrame(
            {
                "example": [f"q{i}" for i in range(n)],
                "language": language,
                "score": (rng.random(n) < share).astype(int),
                **columns,
            }
        )
        for language, share in shares.items()
    ]
    return make_scored(pd.concat(parts, ignore_index=True), source=f"system {seed}")
