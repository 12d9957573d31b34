"""One pass over one unit of data: counts that stay small however large the unit is."""

from array import array
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from isogloss.data.characters import is_broken
from isogloss.data.sources import DataSource, Unit

Example = tuple[tuple[str, ...], tuple[str, ...], int]  # text per language; labels; tokens


@dataclass
class Survey:
    """What one pass over a unit counted.

    Args:
        characters: how often each character occurs, for each language of the unit.
        labels: how often each label occurs; entity types without B- and I-.
        digests: 64-bit hash of each example's text, to find repetitions.
        n_examples: lines, sentences, texts, pairs or questions.
        n_tokens: tokens of tagged sentences; 0 elsewhere.
        n_bytes: UTF-8 bytes of the texts.
        n_blank: blank lines that were passed over.
        first_broken: number of the first example with a damaged character, from 1.
    """

    characters: tuple[Counter[str], ...]
    labels: Counter[str] = field(default_factory=Counter)
    digests: "array[int]" = field(default_factory=lambda: array("q"))
    n_examples: int = 0
    n_tokens: int = 0
    n_bytes: int = 0
    n_blank: int = 0
    first_broken: int | None = None

    def n_repeated(self) -> int:
        """Return how many examples repeat an earlier one of the unit."""
        return self.n_examples - len(np.unique(np.asarray(self.digests)))

    def n_shared(self, other: "Survey") -> int:
        """Return how many examples also stand in `other`."""
        return int(np.isin(np.asarray(self.digests), np.asarray(other.digests)).sum())

    def add(self, texts: tuple[str, ...], labels: tuple[str, ...], n_tokens: int) -> None:
        """Count one example."""
        self.n_examples += 1
        self.n_tokens += n_tokens
        self.labels.update(labels)
        # Salted per process, which is no matter here, and much faster than a cryptographic hash.
        self.digests.append(hash(texts))
        for counter, text in zip(self.characters, texts, strict=True):
            self.n_bytes += len(text.encode("utf-8", "replace"))
            n_known = len(counter)
            counter.update(text)
            # Only a character that was never seen before can be the first damaged one.
            if len(counter) > n_known and self.first_broken is None:
                self.first_broken = self.n_examples if any(map(is_broken, text)) else None


def survey_unit(source: DataSource, unit: Unit) -> Survey:
    """Read one unit and count.

    Args:
        source: where it is.
        unit: what to read.

    Raises:
        InputError: the unit cannot be read.
    """
    survey = Survey(tuple(Counter() for _ in unit.languages))
    for texts, labels, n_tokens in _EXAMPLES[unit.task](source, unit):
        survey.add(texts, labels, n_tokens)
    if unit.task in {"text", "parallel", "nli", "topic"}:
        survey.n_blank = source.n_blank_lines(unit)
    return survey


def _text(source: DataSource, unit: Unit) -> Iterator[Example]:
    for line in source.text(unit.languages[0], unit.split, kind=unit.kind):
        yield (line,), (), 0


def _tagged(source: DataSource, unit: Unit) -> Iterator[Example]:
    for sentence in source.tagged(unit.kind, unit.languages[0], unit.split):
        labels = sentence.tags
        if unit.task == "ner":
            labels = tuple(tag[2:] for tag in sentence.tags if tag.startswith("B-"))
        yield (" ".join(sentence.tokens),), labels, len(sentence.tokens)


def _classified(source: DataSource, unit: Unit) -> Iterator[Example]:
    for example in source.classified(unit.kind, unit.languages[0], unit.split):
        yield ("\t".join(filter(None, (example.text, example.pair))),), (example.label,), 0


def _pairs(source: DataSource, unit: Unit) -> Iterator[Example]:
    first, second = unit.languages
    for pair in source.pairs(first, second, unit.split, kind=unit.kind):
        yield pair, (), 0


def _questions(source: DataSource, unit: Unit) -> Iterator[Example]:
    for question in source.questions(unit.kind, unit.languages[0], unit.split):
        yield (f"{question.context}\t{question.question}",), (), 0


_EXAMPLES = {
    "text": _text,
    "pos": _tagged,
    "ner": _tagged,
    "topic": _classified,
    "nli": _classified,
    "parallel": _pairs,
    "qa": _questions,
}
