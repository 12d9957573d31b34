"""How many bytes of text a piece of a vocabulary stands for."""

import json
import re
from typing import Final

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
