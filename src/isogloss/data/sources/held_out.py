"""Dev data of languages that have none: a share of their training data, held out from it."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, TypeVar

from isogloss.core import Language
from isogloss.data.characters import normal_form
from isogloss.data.readers import ClassifiedText, Question, TaggedSentence
from isogloss.data.sources.protocol import DataSource, Unit

SHARE: Final = 5
"""Of a hundred training examples that are held out."""
_HUNDRED: Final = 100
_FEWEST: Final = 2
Example = TypeVar("Example")


@dataclass(frozen=True)
class HeldOutSource:
    """Data in which every language with training and test data has dev data.

    Where there is no dev split, five in a hundred of the training examples are held out and stand
    for it; test data stay as they are. The hash of an example's normal form decides, so the same
    ones are held out on every machine, and copies of a text, near ones too, stay together.

    Args:
        source: the data.
    """

    source: DataSource

    @property
    def where(self) -> str:
        """The place, for messages and records."""
        return self.source.where

    @property
    def ignored(self) -> Mapping[str, str]:
        """Files among the data that were passed over -> why."""
        return self.source.ignored

    @cached_property
    def _cut(self) -> frozenset[tuple[str, tuple[Language, ...]]]:
        """Kinds and languages whose dev data are held out from their training data."""
        splits: dict[tuple[str, tuple[Language, ...]], set[str]] = {}
        for unit in self.source.units():
            if unit.task != "parallel":  # which nothing is trained on
                splits.setdefault((unit.kind, unit.languages), set()).add(unit.split)
        return frozenset(key for key, found in splits.items() if found == {"train", "test"})

    def units(self) -> tuple[Unit, ...]:
        """Return everything there is, with the dev data that are held out."""
        found: list[Unit] = []
        for unit in self.source.units():
            found.append(unit)
            if unit.split == "train" and (unit.kind, unit.languages) in self._cut:
                found.append(unit._replace(split="dev"))
        return tuple(found)

    def held_out(self) -> tuple[Unit, ...]:
        """Return the dev data that are held out from training data."""
        return tuple(one for one in self.units() if one.split == "dev" and self._is_cut(*one))

    def kinds(self) -> tuple[str, ...]:
        """Return the kinds there are."""
        return self.source.kinds()

    def languages(self, kind: str) -> tuple[Language, ...]:
        """Return the languages with data of this kind."""
        return self.source.languages(kind)

    def has(self, kind: str, language: Language, split: str) -> bool:
        """Tell whether there are data, or can be."""
        held_out = split == "dev" and self._is_cut(kind, (language,), split)
        return held_out or self.source.has(kind, language, split)

    def text(self, language: Language, split: str, *, kind: str = "text") -> Iterable[str]:
        """Return lines of text that stream anew each time they are iterated."""
        if not self._is_cut(kind, (language,), split):
            return self.source.text(language, split, kind=kind)
        return _Part(self.source.text(language, "train", kind=kind), held_out=split == "dev")

    def tagged(self, kind: str, language: Language, split: str) -> list[TaggedSentence]:
        """Return tagged sentences."""
        if not self._is_cut(kind, (language,), split):
            return self.source.tagged(kind, language, split)
        examples = self.source.tagged(kind, language, "train")
        return _part(examples, split, lambda one: " ".join(one.tokens))

    def classified(self, kind: str, language: Language, split: str) -> list[ClassifiedText]:
        """Return labelled texts."""
        if not self._is_cut(kind, (language,), split):
            return self.source.classified(kind, language, split)
        examples = self.source.classified(kind, language, "train")
        return _part(examples, split, lambda one: f"{one.text}\t{one.pair or ''}")

    def pairs(
        self, first: Language, second: Language, split: str, *, kind: str = "parallel"
    ) -> list[tuple[str, str]]:
        """Return translation pairs."""
        return self.source.pairs(first, second, split, kind=kind)

    def questions(self, kind: str, language: Language, split: str) -> list[Question]:
        """Return questions; those of one paragraph stay together."""
        if not self._is_cut(kind, (language,), split):
            return self.source.questions(kind, language, split)
        examples = self.source.questions(kind, language, "train")
        return _part(examples, split, lambda one: one.context)

    def n_blank_lines(self, unit: Unit) -> int:
        """Return how many blank lines are passed over; those of training data count once."""
        if unit.split == "dev" and self._is_cut(*unit):
            return 0
        return self.source.n_blank_lines(unit)

    def fingerprint(self, kind: str, language: Language, split: str) -> str:
        """Return the SHA-256 of the data and of the rule that says which of them are held out."""
        if not self._is_cut(kind, (language,), split):
            return self.source.fingerprint(kind, language, split)
        whole = self.source.fingerprint(kind, language, "train")
        rule = f"{whole}\n{split}: {SHARE} in {_HUNDRED} held out by the hash of the normal form"
        return hashlib.sha256(rule.encode()).hexdigest()

    def _is_cut(self, kind: str, languages: tuple[Language, ...], split: str) -> bool:
        """Tell whether a split is a part of what lies there as training data."""
        return split in ("train", "dev") and (kind, languages) in self._cut


def _number(text: str) -> int:
    """Return the number that decides about a text, the same for all its near copies."""
    form = normal_form(text).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(form, digest_size=8, salt=b"dev").digest(), "big")


def _part(
    examples: Sequence[Example], split: str, text_of: Callable[[Example], str]
) -> list[Example]:
    """Return the examples that are held out, or the others; of two different ones, one is."""
    numbers = [_number(text_of(example)) for example in examples]
    if len(set(numbers)) < _FEWEST:
        return [] if split == "dev" else list(examples)
    first = min(numbers, key=lambda number: (number % _HUNDRED, number))
    return [
        example
        for example, number in zip(examples, numbers, strict=True)
        if (number % _HUNDRED < SHARE or number == first) is (split == "dev")
    ]


@dataclass(frozen=True)
class _Part:
    """The lines of a text that are held out, or the others; as often as one likes.

    Of two different lines, one is held out.
    """

    lines: Iterable[str]
    held_out: bool

    def __iter__(self) -> Iterator[str]:
        for line in self.lines:
            number = _number(line)
            if (number % _HUNDRED < SHARE or number == self._first) is self.held_out:
                yield line

    @cached_property
    def _first(self) -> int | None:
        """The line of a small text that is held out where the share of all lines is none."""
        numbers = set[int]()
        for number in map(_number, self.lines):
            if number % _HUNDRED < SHARE:
                return None
            numbers.add(number)
        if len(numbers) < _FEWEST:
            return None
        return min(numbers, key=lambda number: (number % _HUNDRED, number))
