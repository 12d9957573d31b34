"""The statistics on arrays of one's own: no model, numpy and SciPy only.

Two systems, 5 seeds each, tested on the same 2,000 examples of three languages. The second system
is 3 points worse on the first language, equal on the others. Prints for each language the
difference with its interval, the p-value and verdict after Holm's correction over the three, the
minimum detectable effect, and how many seeds a difference of one point would need.
"""

import numpy as np

from isogloss.core import METRICS
from isogloss.statistics import difference, judge, seeds_needed

SEEDS, EXAMPLES = 5, 2_000
rng = np.random.default_rng(0)


def counts(rate: float) -> np.ndarray:
    """Right answers and examples, shape [seeds, examples, 2], for a system of this accuracy."""
    of_seed = rate + 0.003 * rng.standard_normal((SEEDS, 1))
    right = rng.random((SEEDS, EXAMPLES)) < of_seed
    return np.stack([right, np.ones_like(right)], axis=-1).astype(float)


accuracy = METRICS["accuracy"]
pairs = [(0.83, 0.80), (0.83, 0.83), (0.90, 0.90)]
found = [difference(counts(first), counts(second), accuracy) for first, second in pairs]
for number, row in enumerate(judge(found, accuracy), start=1):
    gap = row.difference
    print(
        f"language {number}: {gap.estimate:+.3f} [{gap.ci_low:+.3f}, {gap.ci_high:+.3f}], "
        f"p = {row.p_holm:.4f}, {row.verdict}; minimum detectable effect {row.mde:.3f}; "
        f"seeds needed for 0.01: {seeds_needed(gap, 0.01):g}"
    )
