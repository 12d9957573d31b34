"""Through which merges of a BPE a piece comes about."""

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

Pair = tuple[str, str]


def merges_of(pieces: Iterable[str], model: dict[str, Any]) -> dict[Pair, str]:
    """Return the merges that happen when pieces are put together from their characters.

    A piece within a word comes about as it does alone: no merge across its ends has happened, and
    within them the merge of the lowest rank comes first in both cases. A vocabulary without the
    other merges, in the same order, therefore cuts a text of these pieces as before.

    Args:
        pieces: that a text was cut into.
        model: of the kind BPE, as `tokenizers` writes it.

    Returns:
        What is joined -> what it becomes.

    Reference:
        Sennrich et al., Neural Machine Translation of Rare Words with Subword Units, 2016,
        https://arxiv.org/abs/1508.07909 (algorithm 1).

    Example:
        >>> merges = [["a", "b"], ["b", "c"], ["ab", "c"]]
        >>> merges_of(["abc"], {"merges": merges})
        {('a', 'b'): 'ab', ('ab', 'c'): 'abc'}
    """
    ranks = {(left, right): rank for rank, (left, right) in enumerate(model["merges"])}
    prefix = model.get("continuing_subword_prefix") or ""
    suffix = model.get("end_of_word_suffix") or ""
    happened: dict[Pair, str] = {}
    for piece in pieces:
        symbols = _characters(piece, prefix, suffix)
        while known := [pair for pair in pairwise(symbols) if pair in ranks]:
            pair = min(known, key=ranks.__getitem__)
            happened[pair] = pair[0] + pair[1].removeprefix(prefix)
            at = list(pairwise(symbols)).index(pair)
            symbols[at : at + 2] = [happened[pair]]
    return happened


def _characters(piece: str, prefix: str, suffix: str) -> list[str]:
    """Return the symbols that a piece begins as: characters, marked as within a word or last."""
    mark = prefix if prefix and piece.startswith(prefix) else ""
    end = suffix if suffix and piece.endswith(suffix) else ""
    symbols = list(piece.removeprefix(mark).removesuffix(end))
    if not symbols:
        return [piece]
    symbols = [mark + symbols[0], *(prefix + one for one in symbols[1:])]
    return [*symbols[:-1], symbols[-1] + end]
