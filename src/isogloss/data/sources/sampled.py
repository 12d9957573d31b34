"""Part of a language's text as a language of its own, beside the whole."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from isogloss.core import Language
from isogloss.data.readers import ClassifiedText, Question, TaggedSentence
from isogloss.data.sources.protocol import DataSource, Unit


@dataclass(frozen=True)
class SampledSource:
    """Data in which some languages are samples of others, named as variants: `fra-Latn-x-low`.

    Of the base language's training text a random share of the lines is kept, the same ones
    whenever it is read; dev and test text and all labelled data are the base language's, so that
    the sample and the whole are tested on the same examples.

    Args:
        source: the data.
        shares: share of the lines of the training text, by variant.

    Reference:
        Wang, Lipton, Tsvetkov. On Negative Interference in Multilingual Models. EMNLP 2020,
        section 3 (French and Russian against samples of low-resource size).
        https://arxiv.org/abs/2010.03017
    """

    source: DataSource
    shares: Mapping[Language, float]

    @property
    def where(self) -> str:
        """The place, for messages and records."""
        return self.source.where

    @property
    def ignored(self) -> Mapping[str, str]:
        """Files among the data that were passed over -> why."""
        return self.source.ignored

    def units(self) -> tuple[Unit, ...]:
        """Return everything there is, without the samples."""
        return self.source.units()

    def held_out(self) -> tuple[Unit, ...]:
        """Return the dev data that are held out from training data."""
        return self.source.held_out()

    def kinds(self) -> tuple[str, ...]:
        """Return the kinds there are."""
        return self.source.kinds()

    def languages(self, kind: str) -> tuple[Language, ...]:
        """Return the languages with data of this kind, without the samples."""
        return self.source.languages(kind)

    def has(self, kind: str, language: Language, split: str) -> bool:
        """Tell whether there are data of the base language."""
        return self.source.has(kind, language.base, split)

    def text(self, language: Language, split: str, *, kind: str = "text") -> Iterable[str]:
        """Return the lines of text: of the training text of a sample, its share."""
        lines = self.source.text(language.base, split, kind=kind)
        share = self.shares.get(language)
        return lines if share is None or split != "train" else _Sample(lines, str(language), share)

    def tagged(self, kind: str, language: Language, split: str) -> list[TaggedSentence]:
        """Return the tagged sentences of the base language."""
        return self.source.tagged(kind, language.base, split)

    def classified(self, kind: str, language: Language, split: str) -> list[ClassifiedText]:
        """Return the labelled texts of the base language."""
        return self.source.classified(kind, language.base, split)

    def pairs(
        self, first: Language, second: Language, split: str, *, kind: str = "parallel"
    ) -> list[tuple[str, str]]:
        """Return the translation pairs of the base languages."""
        return self.source.pairs(first.base, second.base, split, kind=kind)

    def questions(self, kind: str, language: Language, split: str) -> list[Question]:
        """Return the questions of the base language."""
        return self.source.questions(kind, language.base, split)

    def n_blank_lines(self, unit: Unit) -> int:
        """Return how many blank lines of a unit are passed over when it is read."""
        return self.source.n_blank_lines(unit)

    def fingerprint(self, kind: str, language: Language, split: str) -> str:
        """Return the SHA-256 of the data, the share of a sampled text included."""
        whole = self.source.fingerprint(kind, language.base, split)
        share = self.shares.get(language)
        if share is None or kind != "text" or split != "train":
            return whole
        return hashlib.sha256(f"{whole}\n{language}\n{share}".encode()).hexdigest()


@dataclass(frozen=True)
class _Sample:
    """A share of lines, chosen by their number; as often as one likes."""

    lines: Iterable[str]
    name: str
    share: float

    def __iter__(self) -> Iterator[str]:
        for number, line in enumerate(self.lines):
            digest = hashlib.blake2b(f"{self.name}\n{number}".encode(), digest_size=8).digest()
            if int.from_bytes(digest) < self.share * 2**64:
                yield line
