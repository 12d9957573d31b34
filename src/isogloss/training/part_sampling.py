"""Running text of a part of each corpus: what is trained on, or what is held out from it."""

from dataclasses import dataclass
from typing import Literal

from isogloss.core import Language
from isogloss.data import CorpusPart, Sampler, TextSampler, TextSource
from isogloss.training.plan import BuildContext
from isogloss.training.sampling import TextSampling


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
