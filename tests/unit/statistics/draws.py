"""Comparisons of two systems whose variance is known, drawn without any metric."""

import numpy as np

from isogloss.statistics import Difference
from isogloss.statistics.variance import uncertainty


def draw(
    rng: np.random.Generator,
    *,
    n_seeds: int = 3,
    n_examples: int = 100,
    seeds: float = 0.3,
    examples: float = 1.0,
    effect: float = 0.0,
) -> Difference:
    """Return a comparison; `seeds` and `examples` are standard deviations of both systems."""
    first, second = (
        rng.normal(0.0, examples, n_examples)
        + rng.normal(0.0, seeds, (n_seeds, 1))
        + rng.normal(0.0, 0.5, (n_seeds, n_examples))
        for _ in range(2)
    )
    return Difference(
        estimate=float(first.mean() - second.mean()) + effect,
        uncertainty=uncertainty(first, second, paired_seeds=False),
        n_seeds=n_seeds,
        n_examples=n_examples,
        reference=0.8,
        treated=0.8,
        alpha=0.05,
    )
