"""F1 over spans that agree exactly, in both ends and in type: entities, and runs of equal tags."""

from collections.abc import Callable, Sequence
from itertools import pairwise
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


def tag_runs(tags: Sequence[str]) -> list[Span]:
    """Return the runs of equal tags of one sentence, as XTREME's POS "F1" counts them.

    XTREME gives plain parts of speech to seqeval 0.0.12, which takes them for entity tags: a run of
    equal tags is one span, except that each SCONJ and SYM is one, as S stands there for an entity
    of a single word. The score is no accuracy and mostly lower. seqeval 1.0 and later cut the
    first letter off, so that CCONJ and SCONJ become one tag; that is not done here.

    Args:
        tags: universal parts of speech.

    Returns:
        Spans from left to right.

    Example:
        >>> [tuple(run) for run in tag_runs(["NOUN", "NOUN", "SYM", "SYM"])]
        [('NOUN', 0, 2), ('SYM', 2, 3), ('SYM', 3, 4)]

    Reference:
        Hu et al. 2020, XTREME, https://arxiv.org/abs/2003.11080
    """
    starts = [
        place
        for place, tag in enumerate(tags)
        if place == 0 or tag != tags[place - 1] or tag.startswith("S")
    ]
    return [Span(tags[start], start, end) for start, end in pairwise([*starts, len(tags)])]


def span_counts(
    gold: Sequence[str],
    predicted: Sequence[str],
    spans: Callable[[Sequence[str]], list[Span]] = entity_spans,
) -> list[float]:
    """Return (true_positive, predicted, gold) numbers of spans of one sentence.

    Args:
        gold: tags of the words.
        predicted: as many predicted tags.
        spans: what is counted: `entity_spans` for `entity_f1`, `tag_runs` for `pos_f1`.

    Returns:
        Counts for `entity_f1` or `pos_f1`.
    """
    expected, found = set(spans(gold)), set(spans(predicted))
    return [float(len(expected & found)), float(len(found)), float(len(expected))]
