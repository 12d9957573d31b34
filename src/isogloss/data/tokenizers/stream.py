"""Encode text of any size, a few thousand lines at a time."""

from collections.abc import Iterable, Iterator
from typing import Final

from isogloss.data.tokenizers.tokenizer import Tokenizer

# Enough lines for the threads of `tokenizers`, few enough characters for a small memory.
_CHUNK_LINES: Final = 4096
_CHUNK_CHARACTERS: Final = 1_000_000


def encode_stream(
    tokenizer: Tokenizer, lines: Iterable[str]
) -> Iterator[tuple[list[str], list[list[int]]]]:
    """Yield lines with their ids, chunk by chunk; lines without a token are left out.

    Args:
        tokenizer: the study's tokenizer.
        lines: text.

    Yields:
        Lines and, for each, its ids without special tokens.
    """
    for chunk in _chunks(lines):
        pairs = [
            (line, ids) for line, ids in zip(chunk, tokenizer.encode(chunk), strict=True) if ids
        ]
        yield [line for line, _ in pairs], [ids for _, ids in pairs]


def _chunks(lines: Iterable[str]) -> Iterator[list[str]]:
    """Group lines, by number and by length: one line may be a whole book."""
    chunk: list[str] = []
    n_characters = 0
    for line in lines:
        chunk.append(line)
        n_characters += len(line)
        if len(chunk) >= _CHUNK_LINES or n_characters >= _CHUNK_CHARACTERS:
            yield chunk
            chunk, n_characters = [], 0
    if chunk:
        yield chunk
