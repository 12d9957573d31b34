"""Tags of words carried to a translation through an alignment of its words."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from isogloss.data.readers import HIDDEN

Link = tuple[int, int]
LEAST_COVERAGE: Final = 0.5
"""Share of a sentence's words that have to be aligned; a sentence below it is left out."""
_LINK: Final = re.compile(r"([0-9]{1,5})[-/]([0-9]{1,5})")


def read_links(text: str) -> tuple[Link, ...] | None:
    """Return the links of an alignment, `0-0 1-2` or `0/0 1/2`, words counted from 0; None if bad.

    Example:
        >>> read_links("0-1 1-0")
        ((0, 1), (1, 0))
    """
    matches = [_LINK.fullmatch(one) for one in text.split()]
    if not all(matches):
        return None
    return tuple((int(one[1]), int(one[2])) for one in matches if one)


def project_tags(
    tags: Sequence[str], n_words: int, links: Iterable[Link], *, entities: bool
) -> tuple[tuple[str, ...], float] | None:
    """Return the tags of a translation's words, and the share of them that a link reaches.

    A word takes the tag of the word that it is linked to, of several the most frequent, of equally
    frequent ones the leftmost. A part of speech that no link says is `HIDDEN`. An entity's type is
    carried; a gap of one word between two words of one type is filled, words without a link are
    outside, and B and I follow from where an entity begins.

    Args:
        tags: of the source's words.
        n_words: of the translation.
        links: (word of the source, word of the translation), from 0.
        entities: the tags are entity tags in IOB2.

    Returns:
        None if a link points outside of either sentence.

    Example:
        >>> project_tags(["DET", "NOUN"], 3, [(0, 0), (1, 2)], entities=False)
        (('DET', '', 'NOUN'), 0.6666666666666666)
        >>> project_tags(["B-LOC", "I-LOC", "O"], 4, [(0, 0), (1, 2), (2, 3)], entities=True)
        (('B-LOC', 'I-LOC', 'I-LOC', 'O'), 0.75)
    """
    reached: defaultdict[int, list[int]] = defaultdict(list)
    for source, target in links:
        if source >= len(tags) or target >= n_words:
            return None
        reached[target].append(source)
    coverage = len(reached) / n_words if n_words else 0.0
    own = [tag.partition("-")[2] if entities else tag for tag in tags]
    carried = [_majority(own, reached[at]) if at in reached else HIDDEN for at in range(n_words)]
    return (tuple(_iob2(carried)) if entities else tuple(carried)), coverage


def _majority(tags: Sequence[str], places: Sequence[int]) -> str:
    counts = Counter(tags[place] for place in sorted(places))
    return max(counts, key=lambda tag: counts[tag])  # the first, so the leftmost, of equal ones


def _iob2(types: Sequence[str]) -> list[str]:
    """Return IOB2 tags of words' entity types, of which an empty one is outside."""
    filled = list(types)
    for at in range(1, len(types) - 1):
        if not types[at] and types[at - 1] and types[at - 1] == types[at + 1]:
            filled[at] = types[at - 1]
    before = ("", *filled)
    return [
        f"{'I' if kind == last else 'B'}-{kind}" if kind else "O"
        for last, kind in zip(before, filled, strict=False)
    ]
