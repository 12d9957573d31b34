"""Examples joined to their translations by identifier, and what does not join."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from isogloss.core import InputError
from isogloss.data.readers import HIDDEN, ClassifiedText, Question, TaggedSentence
from isogloss.data.translations.contract import (
    Example,
    Labels,
    Provenance,
    Translated,
    Translations,
    Wanted,
)

NO_TRANSLATION: Final = "no translation has its identifier"
NO_ANSWER: Final = "its answer is not in the translated paragraph"
_PLACE: Final = "#"


def join_by_identifier(
    examples: Sequence[Example], others: Sequence[Example], wanted: Wanted, where: str
) -> tuple[tuple[Translated[Example], ...], dict[str, int]]:
    """Return pairs of one identifier, and how many examples have no partner.

    Identifiers that files state may be missing on one side: such examples are skipped and counted.
    Where files state none, the place of an example in its file is its identifier; then a wrong
    place joins strangers, so classes have to agree.

    Args:
        examples: in the source language; maybe only some of their file.
        others: all of the same kind and split in the target language.
        wanted: what was asked for.
        where: the place of the others, for the message.

    Raises:
        InputError: an identifier twice, none that both sides have, or classes that do not agree.
    """
    by_identifier = {identifier_of(other): other for other in others}
    for side, language in ((examples, wanted.source), (others, wanted.target)):
        _refuse_repeated(side, f"{where}, {wanted.kind} {language} {wanted.split}")
    pairs = tuple(
        Translated(identifier_of(one), one, by_identifier[identifier_of(one)])
        for one in examples
        if identifier_of(one) in by_identifier
    )
    if not pairs:
        raise InputError(
            expected="identifiers that both languages share",
            found=f"none: {_first(examples)} in {wanted.source}, {_first(others)} in "
            f"{wanted.target}",
            where=f"{where}, {wanted}",
            next_step="Give parallel data: one `sent_id`, question id, column of identifiers, or "
            "the same line in both files.",
        )
    _refuse_strangers(pairs, wanted, where)
    n_missing = len(examples) - len(pairs)
    return pairs, {NO_TRANSLATION: n_missing} if n_missing else {}


def refuse_unequal(n_examples: int, n_others: int, wanted: Wanted, where: str) -> None:
    """Refuse files that are joined by the place of their examples and have not equally many.

    Raises:
        InputError: the numbers differ.
    """
    if n_examples != n_others:
        raise InputError(
            expected=f"{n_examples} examples in {wanted.target}, as in {wanted.source}: without "
            "identifiers they are joined by their place in the file",
            found=f"{n_others}",
            where=f"{where}, {wanted}",
            next_step="Give both files the same lines in the same order, or a column of "
            "identifiers.",
        )


def identifier_of(example: ClassifiedText | TaggedSentence | Question) -> str:
    """Return what an example and its translations share."""
    return example.identifier


def last_place(examples: Sequence[Example]) -> int | None:
    """Return how many examples a file holds where these are known by their place in it alone.

    Args:
        examples: all that were read from the file; what is broken or unlabelled may be left out.

    Returns:
        The place of the last one; None where identifiers are stated.
    """
    places = [identifier_of(one) for one in examples]
    if not places or not all(one.startswith(_PLACE) and one[1:].isdecimal() for one in places):
        return None
    return max(int(one[1:]) for one in places)


def without_tags(example: Example) -> Example:
    """Return a tagged sentence with its tags hidden, and any other example as it is."""
    if not isinstance(example, TaggedSentence):
        return example
    return replace(example, tags=(HIDDEN,) * len(example.tokens))


@dataclass
class Gathering:
    """Gathers translations one by one, and counts what is left out with the reason.

    Args:
        wanted: what was asked for.
        provenance: where the translations come from.
        labels: where their labels come from.
    """

    wanted: Wanted
    provenance: Provenance
    labels: Labels
    _skipped: Counter[str] = field(default_factory=Counter[str])

    def gather(
        self, examples: Sequence[Example], translation: "Callable[[Example], Example | str]"
    ) -> Translations[Example]:
        """Translate each example.

        Args:
            examples: in the source language.
            translation: gives the translation of an example, or the reason why there is none.
        """
        pairs: list[Translated[Example]] = []
        for one in examples:
            found = translation(one)
            if isinstance(found, str):
                self._skipped[found] += 1
            else:
                pairs.append(Translated(identifier_of(one), one, found))
        return Translations(
            self.wanted, self.provenance, self.labels, tuple(pairs), dict(self._skipped)
        )


def _refuse_repeated(examples: Sequence[Example], where: str) -> None:
    counts = Counter(identifier_of(one) for one in examples)
    twice = next((one for one, n in counts.items() if n > 1), None)
    if twice is not None:
        raise InputError(
            expected="identifiers that stand once in a file",
            found=f"`{twice}` {counts[twice]} times" if twice else "examples without identifier",
            where=where,
            next_step="Number the examples anew, the same number for the same example in every "
            "language.",
        )


def _refuse_strangers(pairs: Sequence[Translated[Example]], wanted: Wanted, where: str) -> None:
    """Refuse classified texts that are joined to others of another class."""
    labels = [
        (one.identifier, one.original.label, one.translation.label)
        for one in pairs
        if isinstance(one.original, ClassifiedText) and isinstance(one.translation, ClassifiedText)
    ]
    other = [one for one in labels if one[1] != one[2]]
    if other:
        identifier, first, second = other[0]
        raise InputError(
            expected="the same class on both sides: a translation keeps it",
            found=f"{len(other)} of {len(labels)} pairs of other classes, the first `{identifier}`:"
            f" `{first}` and `{second}`",
            where=f"{where}, {wanted}",
            next_step="Are the files in the same order, with no line left out of one of them?",
        )


def _first(examples: Sequence[Example]) -> str:
    return f"`{identifier_of(examples[0])}` first" if examples else "no example"
