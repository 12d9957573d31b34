"""Text that is held out from each corpus to validate on, and when it is so little that it is known.

A training that reads its validation text dozens of times memorises it; `memorised` warns of that.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from isogloss.core import Language
from isogloss.data import CorpusPart, Sampler, TextSampler, TextSource
from isogloss.training import BuildContext, SamplerSpec, TextSampling, TrainingPlan

# With a slice of 2 %, read 61 and 121 times, retrieval of translations fell from 10.1 to 3.0 % and
# the gain of the modules was halved (docs/log.md); where between 2 and 61 it begins is not known.
OFTEN: Final = 20.0


@dataclass(frozen=True)
class PartSampling:
    """Running text of one part of each corpus: what is trained on, or what is held out from it.

    Attributes:
        text: exponent of the languages.
        held_out: share of each corpus, its end, in (0, 1); 0 = nothing is held out.
        part: which of the two parts.
        only: index of the one language to draw; None = all.
        draw: number that tells samplers of the same text apart.
    """

    text: TextSampling
    held_out: float
    part: Literal["train", "held_out"]
    only: int | None = None
    draw: int = 0

    def build(self, context: BuildContext) -> Sampler:
        """Return the sampler over the parts.

        Raises:
            InputError: a part is shorter than one row.
        """
        return TextSampler(
            self._parts(context),
            rows=context.rows,
            length=context.length,
            exponent=self.text.exponent,
            seed=context.seed + (self.draw << 40),
            languages=context.languages,
        )

    @property
    def exponent(self) -> float:
        """Languages are sampled in proportion to size^exponent."""
        return self.text.exponent

    def sizes(self, context: BuildContext) -> dict[Language, float]:
        """Return the tokens of each language's part."""
        return {language: part.n_tokens for language, part in self._parts(context).items()}

    def _parts(self, context: BuildContext) -> dict[Language, TextSource]:
        """Return the part of each corpus that is drawn from."""
        drawn = context.languages if self.only is None else (context.languages[self.only],)
        return {language: self._cut(context, language) for language in drawn}

    def _cut(self, context: BuildContext, language: Language) -> TextSource:
        """Return the part of one corpus."""
        whole: TextSource = context.material[language]
        if not self.held_out:
            return whole
        trained, held_out = CorpusPart.divide(
            whole, context.length, self.held_out, where=f"training text of {language}"
        )
        return trained if self.part == "train" else held_out


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
