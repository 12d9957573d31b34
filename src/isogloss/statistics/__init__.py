"""Statistics of a study: is a difference real, how large, and could we have seen it?

Counts of one system have shape [n_seeds, n_examples, k]; two systems share their test examples.

>>> import numpy as np
>>> from isogloss.core import METRICS
>>> from isogloss.statistics import difference, judge
>>> right = np.random.default_rng(0).random((2, 3, 500)) < np.array([0.9, 0.7])[:, None, None]
>>> mono, multi = np.stack([right, np.ones_like(right)], axis=-1).astype(float)
>>> [judged] = judge([difference(mono, multi, METRICS["accuracy"])], METRICS["accuracy"])
>>> judged.verdict, round(judged.difference.estimate, 2)
('HURT', 0.19)
"""

from isogloss.statistics.budgets import refuse_unequal_budgets
from isogloss.statistics.correlation import Correlation, correlation
from isogloss.statistics.difference import Difference, difference
from isogloss.statistics.equivalence import no_effect_of_interest
from isogloss.statistics.false_discovery import (
    CORRECTIONS,
    benjamini_hochberg,
    benjamini_yekutieli,
)
from isogloss.statistics.holm import holm, holm_levels
from isogloss.statistics.mantel import Association, mantel, mean_over_languages
from isogloss.statistics.mean_difference import mean_difference, mean_of_systems
from isogloss.statistics.resampling import (
    approximate_randomisation,
    hierarchical_bootstrap,
    seed_of_content,
)
from isogloss.statistics.seeds import examples_needed, seeds_needed
from isogloss.statistics.sequential import Look, SequentialDesign
from isogloss.statistics.stages import Comparison, judge_stages
from isogloss.statistics.student import critical_value, minimum_detectable_effect, power_of
from isogloss.statistics.system_verdicts import (
    EXAMPLES_ONLY_NOTE,
    SYSTEM_VERDICTS,
    SystemJudgement,
    judge_systems,
)
from isogloss.statistics.systems import (
    SystemDifference,
    mean_system_difference,
    system_difference,
)
from isogloss.statistics.transfer_cells import (
    CELL_WORDS,
    GIVER_WORDS,
    TAKER_WORDS,
    category,
    judge_cells,
    shares,
)
from isogloss.statistics.verdicts import (
    GAIN_WORDS,
    INTERFERENCE_WORDS,
    ONE_SEED_NOTE,
    PLATEAU_NOTE,
    Judgement,
    judge,
)

__all__ = [
    "CELL_WORDS",
    "CORRECTIONS",
    "EXAMPLES_ONLY_NOTE",
    "GAIN_WORDS",
    "GIVER_WORDS",
    "INTERFERENCE_WORDS",
    "ONE_SEED_NOTE",
    "PLATEAU_NOTE",
    "SYSTEM_VERDICTS",
    "TAKER_WORDS",
    "Association",
    "Comparison",
    "Correlation",
    "Difference",
    "Judgement",
    "Look",
    "SequentialDesign",
    "SystemDifference",
    "SystemJudgement",
    "approximate_randomisation",
    "benjamini_hochberg",
    "benjamini_yekutieli",
    "category",
    "correlation",
    "critical_value",
    "difference",
    "examples_needed",
    "hierarchical_bootstrap",
    "holm",
    "holm_levels",
    "judge",
    "judge_cells",
    "judge_stages",
    "judge_systems",
    "mantel",
    "mean_difference",
    "mean_of_systems",
    "mean_over_languages",
    "mean_system_difference",
    "minimum_detectable_effect",
    "no_effect_of_interest",
    "power_of",
    "refuse_unequal_budgets",
    "seed_of_content",
    "seeds_needed",
    "shares",
    "system_difference",
]
