"""Pieces of a vocabulary: the bytes of text they stand for, and the merges they come about by."""

import json
import re
from collections.abc import Iterable
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

BOUNDARY: Final = "▁"
"""Sentencepiece's mark of a word's beginning, U+2581; one byte of text, the space."""

BYTE_PIECE: Final = re.compile(r"<0x[0-9A-F]{2}>")


def piece_bytes(pieces: list[str], tokenizer_json: str) -> NDArray[np.int64]:
    """Return the UTF-8 bytes that each piece stands for.

    Args:
        pieces: the vocabulary in the order of its ids.
        tokenizer_json: the tokenizer as `tokenizers` writes it, which tells the kind of pieces.

    Returns:
        Bytes, shape [pieces]. Special tokens are not known here and count as text.
    """
    declared = json.loads(tokenizer_json)
    if declared["model"]["type"] == "WordPiece":
        prefix = declared["model"].get("continuing_subword_prefix") or "##"
        return np.array([_word_piece(piece, prefix) for piece in pieces], dtype=np.int64)
    if '"ByteLevel"' in json.dumps([declared["pre_tokenizer"], declared["decoder"]]):
        # Each byte of the text is written as one printable character.
        return np.array([len(piece) for piece in pieces], dtype=np.int64)
    return np.array([_sentence_piece(piece) for piece in pieces], dtype=np.int64)


def _sentence_piece(piece: str) -> int:
    if BYTE_PIECE.fullmatch(piece):
        return 1
    return len(piece.replace(BOUNDARY, " ").encode())


def _word_piece(piece: str, prefix: str) -> int:
    if piece.startswith(prefix) and piece != prefix:
        return len(piece.removeprefix(prefix).encode())
    return len(piece.encode()) + 1


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
