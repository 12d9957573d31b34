"""Languages whose relation is known because we made them: the ground truth of every claim.

One probabilistic grammar of meanings (`meanings`), one lexicon (`lexicon`), and ways to utter them
(`grammar`); a language is a relation to the base language (`relations`): a twin, a clone, a
relexified, a reordered, a conflicting or an unrelated one. `synthesise` writes text, parallel text
and labels like real data, and `truth.yaml` says who must hurt or help whom.

>>> [language.label for language in read_recipe("base,twin,conflict:0.8").languages]
['base', 'twin', 'conflict:0.8']
"""

from isogloss.data.testbed.reading import read_recipe
from isogloss.data.testbed.recipe import (
    DEFAULT_RECIPE,
    LanguageRecipe,
    Recipe,
    SplitSizes,
)
from isogloss.data.testbed.synthesise import synthesise
from isogloss.data.testbed.truth import Expectation, Truth, is_test_bed, read_truth

__all__ = [
    "DEFAULT_RECIPE",
    "Expectation",
    "LanguageRecipe",
    "Recipe",
    "SplitSizes",
    "Truth",
    "is_test_bed",
    "read_recipe",
    "read_truth",
    "synthesise",
]
