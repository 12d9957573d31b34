"""Each language's gradient inside one ordinary training step, and what is made of gradients.

The engine watches ONE forward and ONE backward of the summed mean losses of the languages, in any
model and any loop, and gives the exact inner products of the languages' gradients for every module:

    engine = GradientEngine(model)                      # hooks are on only while watching
    with engine.watch(batch.language, targets.row):     # row -> language, target -> row
        losses = objective.losses(model, targets)       # your forward, your losses
    losses.mean.nansum().backward()                     # or any weighted sum, see `take`
    found = engine.take()                               # -> LanguageGradients
    found.languages                                     # indices present: the axes of all Gramians
    cosines(found.gramian())                            # whole model, [present, present], float64
    found.by_layer(), found.by_module(), found.coverage

`target_row` is needed only where the head runs on targets picked out of the rows. A backward of
another weighting of the losses, such as the mean over all targets of a plain step, is fine:
`take(factors)` divides the factors out, so an ordinary training step can be watched without a
change of a bit. `watch(..., halves=True)` splits each language's rows in two:
`found.gramian(corrected=True)` is then free of the bias of noise, and
`same_language(found.over_halves())` is the control line. `GradientEngine(model, sketch=1024)` adds
`found.sketches`; a `SketchSum` adds them over micro-batches and processes, where Gramians do not
add up.

Where a language's rows are many and memory is there for each language's gradient, a pass a language
costs less: `runs_apart` decides by these, and `engine.keep()` collects the same Gramians and writes
the same direction from such passes.

For treatments: `probe` costs less than a backward where only the Gramians are wanted, and
`watch(..., surgery=f)` lets `f(unit, gramian) -> weights` write each module's `.grad` in the single
pass. A `Rule` makes any pure function of the Gramian a rule of combination; the rules of the
literature are treatments (`isogloss.treatments.gradients`), one file each.
"""

from typing import TYPE_CHECKING

from isogloss.core import make_lazy

if TYPE_CHECKING:
    from isogloss.gradients.apart import KeptGradients, OnePass, runs_apart
    from isogloss.gradients.coverage import Coverage
    from isogloss.gradients.engine import GradientEngine
    from isogloss.gradients.language_gradients import LanguageGradients
    from isogloss.gradients.measures import (
        conflict_rate,
        cosines,
        magnitude_similarity,
        mean_cosine,
        norms,
        same_language,
    )
    from isogloss.gradients.sketch import SketchSum
    from isogloss.gradients.weighting import Array, Rule, Weighting, WeightingSpec

__all__ = [
    "Array",
    "Coverage",
    "GradientEngine",
    "KeptGradients",
    "LanguageGradients",
    "OnePass",
    "Rule",
    "SketchSum",
    "Weighting",
    "WeightingSpec",
    "conflict_rate",
    "cosines",
    "magnitude_similarity",
    "mean_cosine",
    "norms",
    "runs_apart",
    "same_language",
]

make_lazy(__name__)
