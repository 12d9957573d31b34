"""One pass over one unit of data: counts that stay small however large the unit is."""

from array import array
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from isogloss.core import Language
from isogloss.data.characters import distinct, foreign_letters, is_broken, normal_form
from isogloss.data.sources import DataSource, Unit

_MOST: Final = 0.5
_CHARACTERS_AT_ONCE: Final = 2**14
# Text per language; labels; tokens; whether it is a pair of texts of one language.
Example = tuple[tuple[str, ...], tuple[str, ...], int, bool]


@dataclass
class SideSurvey:
    """What is counted of the texts of one language.

    Args:
        language: whose texts.
        characters: how often each character occurs.
        digests: 64-bit hash of the normal form of each text, to find repetitions.
        n_foreign: texts most of whose letters are of another script.
        first_foreign: number of the first of them, from 1.
        first_broken: number of the first text with a damaged character, from 1.
    """

    language: Language
    characters: Counter[str] = field(default_factory=Counter)
    digests: "array[int]" = field(default_factory=lambda: array("q"))
    n_foreign: int = 0
    first_foreign: int | None = None
    first_broken: int | None = None
    _own: set[str] = field(default_factory=set)  # characters that make no text foreign
    _waiting: list[str] = field(default_factory=list)  # texts whose characters are not counted yet
    _n_waiting: int = 0

    @property
    def n_bytes(self) -> int:
        """UTF-8 bytes of the texts; known when they are finished."""
        return sum(n * len(c.encode("utf-8", "replace")) for c, n in self.characters.items())

    def add(self, text: str) -> None:
        """Count one text."""
        # Salted per process, which is no matter here, and much faster than a cryptographic hash.
        self.digests.append(hash(normal_form(text)))
        # Nearly all texts hold nothing but characters that were looked at before.
        strange = set(text) - self._own
        if strange and self._is_foreign(text, strange):
            self.n_foreign += 1
            self.first_foreign = self.first_foreign or len(self.digests)
        self._waiting.append(text)
        self._n_waiting += len(text)
        if self._n_waiting > _CHARACTERS_AT_ONCE:
            self.finish()

    def finish(self) -> None:
        """Count the characters of the texts that wait: at once, because one by one takes longer."""
        codes = "".join(self._waiting).encode("utf-32-le", "surrogatepass")
        counts = np.bincount(np.frombuffer(codes, np.uint32))
        found = {chr(code): int(counts[code]) for code in np.flatnonzero(counts).tolist()}
        broken = {c for c in found if c not in self.characters and is_broken(c)}
        if broken and self.first_broken is None:
            damaged = (n for n, text in enumerate(self._waiting, 1) if broken & set(text))
            self.first_broken = len(self.digests) - len(self._waiting) + next(damaged)
        self.characters.update(found)
        self._waiting.clear()
        self._n_waiting = 0

    def _is_foreign(self, text: str, strange: set[str]) -> bool:
        script = self.language.script
        self._own |= {one for one in strange if not (foreign_letters({one: 1}, script) or (0,))[0]}
        found = foreign_letters(Counter(text), script)
        return found is not None and found[0] > _MOST


@dataclass
class Survey:
    """What one pass over a unit counted.

    Args:
        sides: of each language of the unit.
        labels: how often each label occurs; entity types without B- and I-.
        digests: 64-bit hash of the normal form of each example, of both texts of a pair.
        n_examples: lines, sentences, texts, pairs or questions.
        n_tokens: tokens of tagged sentences; 0 elsewhere.
        n_blank: blank lines that were passed over.
        n_pairs: examples that are a pair of texts with one label.
    """

    sides: tuple[SideSurvey, ...]
    labels: Counter[str] = field(default_factory=Counter)
    digests: "array[int]" = field(default_factory=lambda: array("q"))
    n_examples: int = 0
    n_tokens: int = 0
    n_blank: int = 0
    n_pairs: int = 0

    @property
    def n_bytes(self) -> int:
        """UTF-8 bytes of the texts."""
        return sum(side.n_bytes for side in self.sides)

    def n_repeated(self) -> int:
        """Return how many examples repeat an earlier one of the unit."""
        return self.n_examples - len(distinct(self.digests))

    def n_shared(self, other: "Survey") -> int:
        """Return how many examples also stand in `other`."""
        return int(np.isin(np.asarray(self.digests), np.asarray(other.digests)).sum())

    def add(self, texts: tuple[str, ...], labels: tuple[str, ...], n_tokens: int) -> None:
        """Count one example."""
        self.n_examples += 1
        self.n_tokens += n_tokens
        self.labels.update(labels)
        for side, text in zip(self.sides, texts, strict=True):
            side.add(text)
        self.digests.append(hash(tuple(side.digests[-1] for side in self.sides)))


def survey_unit(source: DataSource, unit: Unit) -> Survey:
    """Read one unit and count.

    Args:
        source: where it is.
        unit: what to read.

    Raises:
        InputError: the unit cannot be read.
    """
    survey = Survey(tuple(map(SideSurvey, unit.languages)))
    for texts, labels, n_tokens, is_pair in _EXAMPLES[unit.task](source, unit):
        survey.add(texts, labels, n_tokens)
        survey.n_pairs += is_pair
    for side in survey.sides:
        side.finish()
    if unit.task in {"text", "parallel", "nli", "topic"}:
        survey.n_blank = source.n_blank_lines(unit)
    return survey


def _text(source: DataSource, unit: Unit) -> Iterator[Example]:
    for line in source.text(unit.languages[0], unit.split, kind=unit.kind):
        yield (line,), (), 0, False


def _tagged(source: DataSource, unit: Unit) -> Iterator[Example]:
    for sentence in source.tagged(unit.kind, unit.languages[0], unit.split):
        labels = sentence.tags
        if unit.task == "ner":
            labels = tuple(tag[2:] for tag in sentence.tags if tag.startswith("B-"))
        yield (" ".join(sentence.tokens),), labels, len(sentence.tokens), False


def _classified(source: DataSource, unit: Unit) -> Iterator[Example]:
    for example in source.classified(unit.kind, unit.languages[0], unit.split):
        texts = "\t".join(filter(None, (example.text, example.pair)))
        yield (texts,), (example.label,), 0, example.pair is not None


def _pairs(source: DataSource, unit: Unit) -> Iterator[Example]:
    first, second = unit.languages
    for pair in source.pairs(first, second, unit.split, kind=unit.kind):
        yield pair, (), 0, False


def _questions(source: DataSource, unit: Unit) -> Iterator[Example]:
    for question in source.questions(unit.kind, unit.languages[0], unit.split):
        yield (f"{question.context}\t{question.question}",), (), 0, False


_EXAMPLES = {
    "text": _text,
    "pos": _tagged,
    "ner": _tagged,
    "topic": _classified,
    "nli": _classified,
    "parallel": _pairs,
    "qa": _questions,
}
