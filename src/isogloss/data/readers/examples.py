"""What the readers give: one small frozen class per kind of labelled example."""

from dataclasses import dataclass, field
from typing import Final

HIDDEN: Final = ""
"""Tag of a word whose tag is not said; it is neither trained on nor scored."""


class DataWarning(UserWarning):
    """Something in the data was repaired or looks wrong, but can be used."""


class UnmetLabels(DataWarning):
    """Labels that a mapping renames are in no example of a file; another file may have them.

    Args:
        text: what is said where the file is all there is.
        names: the labels.
        found: labels that the file has.
    """

    def __init__(self, text: str, names: tuple[str, ...], found: tuple[str, ...]) -> None:
        super().__init__(text)
        self.names = names
        self.found = found


@dataclass(frozen=True, slots=True)
class TaggedSentence:
    """A sentence of words, each with its tag (POS or IOB2).

    Args:
        tokens: the words.
        tags: one tag for each word; `HIDDEN` where it is not said.
        identifier: what translations of the sentence share with it: its `sent_id`, or its place in
            its file (`#1`, `#2`, ...). Sentences of other identifiers may be equal.
    """

    tokens: tuple[str, ...]
    tags: tuple[str, ...]
    identifier: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class ClassifiedText:
    """A text, or a pair of texts, with its label.

    Args:
        text: the text, or the premise.
        pair: the hypothesis; None where a text stands alone.
        label: name of the class.
        identifier: what translations of the text share with it: the value of a column of
            identifiers, or its place in its file (`#1`, `#2`, ...). Texts of other identifiers may
            be equal.
    """

    text: str
    pair: str | None
    label: str
    identifier: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Question:
    """A question about a paragraph with its answers as spans.

    Args:
        identifier: unique in its file.
        context: the paragraph.
        question: the question.
        answers: answer texts; several annotators may differ.
        starts: where each answer begins in `context`, in Unicode code points.
    """

    identifier: str
    context: str
    question: str
    answers: tuple[str, ...]
    starts: tuple[int, ...]
