"""Labelled sentences as ids: one label a word, or one label a text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, overload

from isogloss.core import InputError, closest
from isogloss.data.readers.examples import HIDDEN, ClassifiedText, TaggedSentence
from isogloss.data.tokenizers.tokenizer import Tokenizer

IGNORED: Final = -100
"""Label of positions that are neither trained on nor scored."""
UNSAID: Final = -1
"""Label of the first sub-word of a word whose label nobody says: a teacher may."""


@dataclass(frozen=True, slots=True)
class EncodedExample:
    """One labelled example, cls and sep included.

    Args:
        ids: token ids.
        labels: class of each position, `IGNORED` on all but the first sub-word of each word; or
            the class of the whole text; or the positions of an answer's first and last piece.
        word_positions: position in `ids` of each word's first sub-word, -1 for a word that was cut
            off; empty for a text with one label.
        beside: other versions of the example by name, such as its source in another language; the
            same names for all examples of a training.
        language: index of its language, where it is not that of the group it is drawn with.
    """

    ids: tuple[int, ...]
    labels: tuple[int, ...] | int
    word_positions: tuple[int, ...] = ()
    beside: Mapping[str, "EncodedExample"] = field(default_factory=dict, compare=False)
    language: int | None = None


@dataclass(frozen=True, slots=True)
class EncodedExamples(Sequence[EncodedExample]):
    """Examples of one language, with what did not fit; a sequence of its examples.

    Args:
        examples: in the order they were given.
        n_truncated: examples that were cut to the longest length allowed.
        n_words_lost: words that were cut off; 0 for texts.
        example_of_row: place of the example that each row is made of, where one may be several
            rows; empty where each is one.
    """

    examples: tuple[EncodedExample, ...]
    n_truncated: int
    n_words_lost: int
    example_of_row: tuple[int, ...] = ()

    def __len__(self) -> int:
        return len(self.examples)

    @overload
    def __getitem__(self, index: int) -> EncodedExample: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[EncodedExample, ...]: ...
    def __getitem__(self, index: int | slice) -> EncodedExample | tuple[EncodedExample, ...]:
        return self.examples[index]


def encode_tagged(
    sentences: Sequence[TaggedSentence],
    labels: Sequence[str],
    tokenizer: Tokenizer,
    max_length: int,
) -> EncodedExamples:
    """Encode tagged sentences; the label of a word stands on its first sub-word.

    Args:
        sentences: words and their tags.
        labels: every tag; its place in the sequence is its class.
        tokenizer: the model's tokenizer.
        max_length: most positions of an example, cls and sep included, >= 3.

    Returns:
        `cls pieces sep` for each sentence; the label of a word whose tag is `HIDDEN` is `IGNORED`.

    Raises:
        InputError: a tag that is not in `labels`, a sentence whose tags and words differ in
            number, or a length that leaves no room for text.
    """
    refuse_short(max_length)
    classes = {label: index for index, label in enumerate(labels)}
    room = max_length - 2
    examples: list[EncodedExample] = []
    n_truncated = 0
    for number, sentence in enumerate(sentences, start=1):
        tags = _tag_classes(sentence, classes, number)
        pieces, first = tokenizer.encode_words(sentence.tokens)
        n_truncated += len(pieces) > room
        ids = (tokenizer.cls_id, *pieces[:room], tokenizer.sep_id)
        positions = tuple(at + 1 if 0 <= at < room else -1 for at in first)
        on_position = dict(zip(positions, tags, strict=True))
        on_position.pop(-1, None)
        row = tuple(on_position.get(position, IGNORED) for position in range(len(ids)))
        examples.append(EncodedExample(ids, row, positions))
    n_lost = sum(example.word_positions.count(-1) for example in examples)
    return EncodedExamples(tuple(examples), n_truncated, n_lost)


def encode_classified(
    texts: Sequence[ClassifiedText],
    labels: Sequence[str],
    tokenizer: Tokenizer,
    max_length: int,
) -> EncodedExamples:
    """Encode texts or pairs of texts with one label each.

    Args:
        texts: texts, or premise and hypothesis.
        labels: every label; its place in the sequence is its class.
        tokenizer: the model's tokenizer.
        max_length: most positions of an example, >= 5 so that both texts of a pair have room.

    Returns:
        `cls text sep`, or `cls text sep pair sep`; the longer text of a pair is cut first.

    Raises:
        InputError: a label that is not in `labels`, or a length that leaves no room for text.
    """
    refuse_short(max_length, 5 if any(text.pair is not None for text in texts) else 3)
    classes = {label: index for index, label in enumerate(labels)}
    firsts = tokenizer.encode([text.text for text in texts])
    seconds = tokenizer.encode([text.pair or "" for text in texts])
    examples: list[EncodedExample] = []
    n_truncated = 0
    for number, (text, first, second) in enumerate(
        zip(texts, firsts, seconds, strict=True), start=1
    ):
        label = _class_of(text.label, classes, f"example {number}")
        room = max_length - (2 if text.pair is None else 3)
        n_truncated += len(first) + len(second) > room
        first, second = _cut_longer_first(first, second, room)
        ids = (tokenizer.cls_id, *first, tokenizer.sep_id)
        if text.pair is not None:
            ids = (*ids, *second, tokenizer.sep_id)
        examples.append(EncodedExample(ids, label))
    return EncodedExamples(tuple(examples), n_truncated, 0)


def _tag_classes(sentence: TaggedSentence, classes: Mapping[str, int], number: int) -> list[int]:
    """Look up a sentence's tags, which must be as many as its words."""
    if len(sentence.tokens) != len(sentence.tags):
        raise InputError(
            expected="one tag for each word",
            found=f"{len(sentence.tokens)} words and {len(sentence.tags)} tags",
            where=f"sentence {number}",
            next_step="Mend or remove the sentence.",
        )
    return [
        IGNORED if tag == HIDDEN else _class_of(tag, classes, f"sentence {number}, word {word}")
        for word, tag in enumerate(sentence.tags, start=1)
    ]


def _class_of(label: str, classes: Mapping[str, int], where: str) -> int:
    if label not in classes:
        near = closest(str(label), list(classes))
        hint = f"Did you mean `{near}`? " if near else ""
        raise InputError(
            expected=f"one of the labels {', '.join(classes)}",
            found=f"`{label}`",
            where=where,
            next_step=f"{hint}Labels are collected from the training data: a label that occurs "
            "only in dev or test cannot be learnt.",
        )
    return classes[label]


def _cut_longer_first(
    first: list[int], second: list[int], room: int
) -> tuple[list[int], list[int]]:
    """Shorten the longer of two texts until both fit; of equal ones the second."""
    half = room // 2
    if len(first) + len(second) <= room:
        return first, second
    if len(second) <= half:
        return first[: room - len(second)], second
    if len(first) <= room - half:
        return first, second[: room - len(first)]
    return first[: room - half], second[:half]


def refuse_short(max_length: int, least: int = 3) -> None:
    """Refuse rows that leave no room for text.

    Raises:
        InputError: `max_length` is less than `least`.
    """
    if max_length < least:
        raise InputError(
            expected=f"a length of at least {least} positions",
            found=f"{max_length}",
            where="max_length of a task's examples",
            next_step="128 positions hold most sentences.",
        )
