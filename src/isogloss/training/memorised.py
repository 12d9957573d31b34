"""Validation text that is read so often that the modules which learn from it memorise it."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from isogloss.training.part_sampling import PartSampling
from isogloss.training.plan import BuildContext, SamplerSpec, TrainingPlan

# With a slice of 2 %, read 61 and 121 times, retrieval of translations fell from 10.1 to 3.0 % and
# the gain of the modules was halved (docs/log.md); where between 2 and 61 it begins is not known.
OFTEN: Final = 20.0


def memorised(
    validation: Sequence[SamplerSpec], plan: TrainingPlan, context: BuildContext
) -> tuple[str, ...]:
    """Return a warning where a training reads its held-out text too often, or nothing.

    Args:
        validation: where the validation batches come from.
        plan: whose updates count.
        context: what its samplers are built from.
    """
    slices = [
        spec.build(context)
        for spec in validation
        if isinstance(spec, PartSampling) and spec.part == "held_out"
    ]
    epochs = np.zeros(len(plan.languages))
    for one in slices:
        epochs += one.epochs_per_language(plan.updates)
    often = {
        str(language): times
        for language, times in zip(plan.languages, epochs.tolist(), strict=True)
        if times > OFTEN
    }
    if not often:
        return ()
    warning = (
        "MEMORISED: the modules learn from validation text that this training reads "
        + ", ".join(f"{times:.0f} times ({name})" for name, times in often.items())
        + f" in {'+'.join(map(str, plan.languages))}. From so little text they lose what languages "
        "have in common. Hold out more of it (held_out), or take validation: train."
    )
    return (warning,)
