"""What translations of labelled examples are, and what a provider of translations promises."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar, Generic, Literal, Protocol, TypeVar, overload

from isogloss.core import Language
from isogloss.data.readers import ClassifiedText, Question, TaggedSentence
from isogloss.data.sources.protocol import DataSource

Labelled = ClassifiedText | TaggedSentence | Question
Example = TypeVar("Example", ClassifiedText, TaggedSentence, Question)
Way = Literal["human", "machine", "gloss", "code_switched", "self"]
Labels = Literal["copied", "gold", "projected", "located", "hidden"]


@dataclass(frozen=True)
class Provenance:
    """Where translations come from; stands in every record of a run that read them.

    Attributes:
        provider: key of `PROVIDERS`.
        way: "human" (somebody wrote them), "machine" (an MT system), "gloss" (word by word from a
            dictionary: no translation, and never called one), "code_switched" (some words replaced)
            or "self" (source and target language are one, the text is its own translation).
        name: of the model, the dictionary or the data set.
    """

    provider: str
    way: Way
    name: str

    def __str__(self) -> str:
        return f"{self.way} ({self.name})" if self.name else self.way


@dataclass(frozen=True)
class Wanted:
    """Which translations are asked for.

    Attributes:
        kind: of the data whose examples are translated, such as `nli` or `pos.pud`.
        split: that the examples stand in.
        source: language of the examples.
        target: language that they are translated into.
        back: whether the examples are translations themselves, and `target` is the language of
            their originals.
    """

    kind: str
    split: str
    source: Language
    target: Language
    back: bool = False

    def __str__(self) -> str:
        way = "back to" if self.back else "to"
        return f"{self.kind} {self.split}, {self.source} {way} {self.target}"


@dataclass(frozen=True)
class Material:
    """What a provider may read besides its options.

    Attributes:
        source: the study's data: parallel labelled data and parallel text stand there.
        cache: folder in which what is costly (an induced dictionary, a machine's output) is kept;
            nothing is kept where it is None.
    """

    source: DataSource
    cache: Path | None = None


@dataclass(frozen=True, slots=True)
class Translated(Generic[Example]):
    """One example and its translation.

    Attributes:
        identifier: that both share.
        original: the example that was given, in `Wanted.source`.
        translation: the same in `Wanted.target`. What its label is worth, `Translations.labels`
            says: tags of words may be `HIDDEN`, a question may have no answer.
    """

    identifier: str
    original: Example
    translation: Example


@dataclass(frozen=True)
class Translations(Sequence[Translated[Example]]):
    """Examples joined to their translations, in the order of the examples; a sequence of pairs.

    Attributes:
        wanted: what was asked for.
        provenance: where they come from.
        labels: where the labels of the translations come from: "copied" from the originals (the
            class of a text survives translation), "gold" (annotated in the target language),
            "projected" through an alignment of words, "located" (an answer that was found in the
            translated paragraph) or "hidden" (nobody says them).
        pairs: of what was translated.
        skipped: why an example has no translation here -> how many examples.
    """

    wanted: Wanted
    provenance: Provenance
    labels: Labels
    pairs: tuple[Translated[Example], ...]
    skipped: Mapping[str, int] = field(default_factory=dict[str, int])

    def __len__(self) -> int:
        return len(self.pairs)

    @overload
    def __getitem__(self, index: int) -> Translated[Example]: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Translated[Example], ...]: ...
    def __getitem__(
        self, index: int | slice
    ) -> Translated[Example] | tuple[Translated[Example], ...]:
        return self.pairs[index]

    @property
    def is_oracle(self) -> bool:
        """Whether these are human translations of what a model is tested on.

        Nobody has them where a model is used, so a score that needs them is an upper bound and is
        printed as one.
        """
        return self.provenance.way == "human" and self.wanted.split != "train"

    def record(self) -> dict[str, object]:
        """Return what a record says of these translations, as plain data."""
        return {
            "translations": str(self.wanted),
            "provider": self.provenance.provider,
            "way": self.provenance.way,
            "name": self.provenance.name,
            "labels": self.labels,
            "oracle": self.is_oracle,
            "translated": len(self.pairs),
            "skipped": dict(self.skipped),
        }


class Provider(Protocol):
    """Contract of a provider, a frozen dataclass whose fields are its options in a study.

    Attributes:
        name: key in `PROVIDERS`, value of `provider` under `translations` in a study.
        what: where the translations come from, in one sentence.
    """

    name: ClassVar[str]
    what: ClassVar[str]

    def translate(
        self, examples: Sequence[Example], wanted: Wanted, material: Material
    ) -> Translations[Example]:
        """Return the examples joined to their translations; see `translate_examples`.

        Args:
            examples: of one kind, language and split, as readers give them.
            wanted: what they are, and the language that they are wanted in; never their own.
            material: what else may be read.

        Raises:
            InputError: there are no such translations.
        """
        ...

    def fingerprint(self, wanted: Wanted, material: Material) -> str:
        """Return a hash of all that the translations follow from besides the examples.

        Raises:
            InputError: there are no such translations.
        """
        ...
