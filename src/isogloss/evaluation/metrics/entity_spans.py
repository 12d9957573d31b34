"""Entity F1: spans of IOB2 tags that agree exactly, in both ends and in type."""

from collections.abc import Sequence
from typing import NamedTuple


class Span(NamedTuple):
    """An entity: type, first word, and the word after its last."""

    type: str
    start: int
    end: int


def entity_spans(tags: Sequence[str]) -> list[Span]:
    """Return the entities of one sentence.

    `B-X` begins an entity; `I-X` continues one of type X, and begins one where there is none to
    continue, as in conlleval and seqeval: a model may predict any sequence of tags.

    Args:
        tags: IOB2 tags of the words, such as "B-PER", "I-PER" and "O".

    Returns:
        Spans from left to right.

    Example:
        >>> [tuple(span) for span in entity_spans(["B-PER", "I-PER", "B-PER", "O", "I-LOC"])]
        [('PER', 0, 2), ('PER', 2, 3), ('LOC', 4, 5)]

    Reference:
        Erik F. Tjong Kim Sang and Fien De Meulder (2003). Introduction to the CoNLL-2003 Shared
        Task. https://aclanthology.org/W03-0419
    """
    spans: list[Span] = []
    kind, start = "", 0
    for position, tag in enumerate([*tags, "O"]):
        prefix, _, tag_kind = tag.partition("-")
        if kind and (prefix != "I" or tag_kind != kind):
            spans.append(Span(kind, start, position))
            kind = ""
        if tag_kind and not kind:
            kind, start = tag_kind, position
    return spans


def span_counts(gold: Sequence[str], predicted: Sequence[str]) -> list[float]:
    """Return (true_positive, predicted, gold) numbers of spans of one sentence.

    Args:
        gold: tags of the words.
        predicted: as many predicted tags.

    Returns:
        Counts for `entity_f1`.
    """
    expected, found = set(entity_spans(gold)), set(entity_spans(predicted))
    return [float(len(expected & found)), float(len(found)), float(len(expected))]
