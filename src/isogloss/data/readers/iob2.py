"""Entity tags in IOB2: B-X begins an entity of type X, I-X continues it, O is outside."""

import re
from collections.abc import Sequence
from typing import Final

_TAG: Final = re.compile(r"O|[BI]-\S+")


def is_iob2(tag: str) -> bool:
    """Tell whether `tag` has the form of an IOB2 tag.

    Example:
        >>> is_iob2("B-PER"), is_iob2("S-PER"), is_iob2("B-")
        (True, False, False)
    """
    return _TAG.fullmatch(tag) is not None


def repair_orphans(tags: Sequence[str]) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Read each I-X that continues no entity of type X as the B-X that begins one.

    So do conlleval and seqeval, and so do we, but counted and never silently.

    Args:
        tags: the tags of one sentence, each of IOB2 form.

    Returns:
        The tags in strict IOB2, and the positions of those that were changed.

    Example:
        >>> repair_orphans(["O", "I-LOC", "I-LOC", "I-PER"])
        (('O', 'B-LOC', 'I-LOC', 'B-PER'), (1, 3))
    """
    previous = ("O", *tags)
    # Only the type of the tag before matters, and a repair doesn't change it.
    orphans = tuple(
        position
        for position, (before, tag) in enumerate(zip(previous, tags, strict=False))
        if tag.startswith("I-") and before[2:] != tag[2:]
    )
    repaired = list(tags)
    for position in orphans:
        repaired[position] = f"B-{repaired[position][2:]}"
    return tuple(repaired), orphans
