"""What the rest of isogloss may ask of data, wherever the data lie."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple, Protocol

from isogloss.core import Language
from isogloss.data.readers import ClassifiedText, Question, TaggedSentence

KINDS: Final = ("text", "pos", "ner", "topic", "nli", "parallel", "qa")
SPLITS: Final = ("train", "dev", "test")
# How the reason begins why a file was passed over whose name is no language.
NO_LANGUAGE: Final = "passed over, as its name is no language"


class Unit(NamedTuple):
    """One piece of data: a kind, in one language (two for parallel text), in one split.

    Args:
        kind: one of `KINDS`, alone for the main set or with the name of another: `ner.masakhaner`.
        languages: one language, or the two of parallel text in the order of its columns.
        split: `train`, `dev` or `test`.
    """

    kind: str
    languages: tuple[Language, ...]
    split: str

    def __str__(self) -> str:
        return f"{self.kind} {'+'.join(map(str, self.languages))} {self.split}"

    @property
    def task(self) -> str:
        """The kind without the name of the set."""
        return self.kind.partition(".")[0]


class Contents(Protocol):
    """How to read one unit; asked only for what its kind is."""

    def text(self) -> Iterator[str]:
        """Stream lines of text."""
        ...

    def tagged(self, *, entities: bool) -> list[TaggedSentence]:
        """Read tagged sentences."""
        ...

    def classified(self, *, paired: bool) -> list[ClassifiedText]:
        """Read labelled texts; only pairs of texts where they are `paired`."""
        ...

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Stream translation pairs."""
        ...

    def questions(self) -> list[Question]:
        """Read questions."""
        ...

    def fingerprint(self) -> str:
        """Return the SHA-256 of what is read, in hexadecimal."""
        ...

    def origin(self) -> object:
        """Return what is read, to be compared: two units of one origin are the same data."""
        ...

    def n_blank_lines(self) -> int:
        """Return how many blank lines stand between the examples and are passed over."""
        ...


class DataSource(Protocol):
    """Data by kind, language and split. All methods refuse what is absent and say what is there."""

    @property
    def where(self) -> str:
        """The place, for messages and records."""
        ...

    @property
    def ignored(self) -> Mapping[str, str]:
        """Files among the data that were passed over -> why."""
        ...

    def units(self) -> tuple[Unit, ...]:
        """Return everything there is."""
        ...

    def held_out(self) -> tuple[Unit, ...]:
        """Return the dev data that are held out from training data, because none lie there."""
        ...

    def kinds(self) -> tuple[str, ...]:
        """Return the kinds there are, with sets: `ner`, `ner.masakhaner`."""
        ...

    def languages(self, kind: str) -> tuple[Language, ...]:
        """Return the languages with data of this kind."""
        ...

    def has(self, kind: str, language: Language, split: str) -> bool:
        """Tell whether there are data of this kind, language and split."""
        ...

    def text(self, language: Language, split: str, *, kind: str = "text") -> Iterable[str]:
        """Return the lines of text; iterating streams them, as often as one likes."""
        ...

    def tagged(self, kind: str, language: Language, split: str) -> list[TaggedSentence]:
        """Return tagged sentences."""
        ...

    def classified(self, kind: str, language: Language, split: str) -> list[ClassifiedText]:
        """Return labelled texts."""
        ...

    def pairs(
        self, first: Language, second: Language, split: str, *, kind: str = "parallel"
    ) -> list[tuple[str, str]]:
        """Return translation pairs, each as (sentence in `first`, sentence in `second`)."""
        ...

    def questions(self, kind: str, language: Language, split: str) -> list[Question]:
        """Return questions with answer spans."""
        ...

    def n_blank_lines(self, unit: Unit) -> int:
        """Return how many blank lines of a unit are passed over when it is read."""
        ...

    def fingerprint(self, kind: str, language: Language, split: str) -> str:
        """Return the SHA-256 of the data, in hexadecimal."""
        ...
