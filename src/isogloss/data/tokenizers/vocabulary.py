"""Tokens of a vocabulary: the bytes of text they stand for, and the merges they come about by."""

import json
import re
from collections.abc import Iterable
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

BOUNDARY: Final = "▁"
"""Sentencepiece's mark of a word's beginning, U+2581; one byte of text, the space."""

BYTE_TOKEN: Final = re.compile(r"<0x[0-9A-F]{2}>")


def bytes_of_tokens(tokens: list[str], tokenizer_json: str) -> NDArray[np.int64]:
    """Return the UTF-8 bytes that each token stands for.

    Args:
        tokens: the vocabulary in the order of its ids.
        tokenizer_json: the tokenizer as `tokenizers` writes it, which tells the kind of tokens.

    Returns:
        Bytes, shape [tokens]. Special tokens are not known here and count as text.
    """
    declared = json.loads(tokenizer_json)
    if declared["model"]["type"] == "WordPiece":
        prefix = declared["model"].get("continuing_subword_prefix") or "##"
        return np.array([_word_piece(token, prefix) for token in tokens], dtype=np.int64)
    if '"ByteLevel"' in json.dumps([declared["pre_tokenizer"], declared["decoder"]]):
        # Each byte of the text is written as one printable character.
        return np.array([len(token) for token in tokens], dtype=np.int64)
    return np.array([_sentence_piece(token) for token in tokens], dtype=np.int64)


def _sentence_piece(token: str) -> int:
    if BYTE_TOKEN.fullmatch(token):
        return 1
    return len(token.replace(BOUNDARY, " ").encode())


def _word_piece(token: str, prefix: str) -> int:
    if token.startswith(prefix) and token != prefix:
        return len(token.removeprefix(prefix).encode())
    return len(token.encode()) + 1


Pair = tuple[str, str]


def merges_of(tokens: Iterable[str], model: dict[str, Any]) -> dict[Pair, str]:
    """Return the merges that happen when tokens are put together from their characters.

    A token within a word comes about as it does alone: no merge across its ends has happened, and
    within them the merge of the lowest rank comes first in both cases. A vocabulary without the
    other merges, in the same order, therefore cuts a text of these tokens as before.

    Args:
        tokens: that a text was cut into.
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
    for token in tokens:
        symbols = _characters(token, prefix, suffix)
        while known := [pair for pair in pairwise(symbols) if pair in ranks]:
            pair = min(known, key=ranks.__getitem__)
            happened[pair] = pair[0] + pair[1].removeprefix(prefix)
            at = list(pairwise(symbols)).index(pair)
            symbols[at : at + 2] = [happened[pair]]
    return happened


def _characters(token: str, prefix: str, suffix: str) -> list[str]:
    """Return the symbols that a token begins as: characters, marked as within a word or last."""
    mark = prefix if prefix and token.startswith(prefix) else ""
    end = suffix if suffix and token.endswith(suffix) else ""
    symbols = list(token.removeprefix(mark).removesuffix(end))
    if not symbols:
        return [token]
    symbols = [mark + symbols[0], *(prefix + one for one in symbols[1:])]
    return [*symbols[:-1], symbols[-1] + end]
