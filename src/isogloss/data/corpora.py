"""Encoded text on disk: one flat file of token ids, read through the memory map."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from isogloss.core import InputError, replacing, write_atomically
from isogloss.data.tokenizers.tokenizer import Tokenizer, encode_stream

_SMALL_VOCABULARY: Final = 65_536


@dataclass(frozen=True)
class CorpusSummary:
    """What the sidecar of a token file says; a file is trusted only where it agrees.

    Args:
        n_lines: lines of text, empty ones not counted.
        n_tokens: ids in the file: the tokens of the text and one sep after each line.
        n_bytes: UTF-8 bytes of the lines as they were read, and one for each line's end.
        n_unknown: how many of the ids are the unknown id.
        tokenizer: fingerprint of the tokenizer.
        dtype: `<u2` or `<i4`, little-endian.
        cls_id: id that each row begins with.
    """

    n_lines: int
    n_tokens: int
    n_bytes: int
    n_unknown: int
    tokenizer: str
    dtype: str
    cls_id: int


@dataclass(frozen=True, eq=False)
class EncodedCorpus:
    """Text as token ids, each line followed by sep.

    Args:
        path: the token file.
        tokens: memory-mapped ids, shape [n_tokens], uint16 or int32.
        summary: counts and the tokenizer's fingerprint.
    """

    path: Path
    tokens: NDArray[Any]
    summary: CorpusSummary

    @property
    def n_tokens(self) -> int:
        """Ids in the file, a sep for each line included."""
        return self.summary.n_tokens

    @property
    def n_lines(self) -> int:
        """Lines that are not empty."""
        return self.summary.n_lines

    @property
    def n_bytes(self) -> int:
        """UTF-8 bytes of the text, one for each line's end included."""
        return self.summary.n_bytes

    @property
    def n_unknown(self) -> int:
        """Ids that are the unknown id."""
        return self.summary.n_unknown

    def windows(self, length: int) -> int:
        """Return how many rows of `length` positions the corpus holds; the rest is not used."""
        return self.n_tokens // (length - 1)

    def rows(self, indices: ArrayLike, length: int) -> NDArray[np.int64]:
        """Return windows as rows of a batch: cls, then length - 1 consecutive tokens.

        Args:
            indices: numbers of windows, from 0 to windows(length) - 1, shape [rows].
            length: positions of a row, >= 2.

        Returns:
            Token ids, shape [rows, length].
        """
        starts = np.asarray(indices, dtype=np.int64) * (length - 1)
        rows = np.empty((len(starts), length), dtype=np.int64)
        rows[:, 0] = self.summary.cls_id
        rows[:, 1:] = self.tokens[starts[:, None] + np.arange(length - 1)]
        return rows


def encode_corpus(lines: Iterable[str], tokenizer: Tokenizer, path: Path | str) -> EncodedCorpus:
    """Encode lines of text into a token file, in a small memory whatever the size of the text.

    The file and its sidecar `{path}.json` appear whole or not at all. Lines without a token (empty
    or only spaces) are left out. Threads are those of the library `tokenizers`: the environment
    variables TOKENIZERS_PARALLELISM and RAYON_NUM_THREADS govern them.

    Args:
        lines: text, one line at a time.
        tokenizer: fixed by the study.
        path: token file to write; an old one is replaced.

    Returns:
        The corpus, memory-mapped.

    Raises:
        InputError: there is no text, or the file cannot be written.
    """
    path = Path(path)
    small = tokenizer.vocabulary_size < _SMALL_VOCABULARY
    dtype = "<u2" if small else "<i4"
    n_lines = n_tokens = n_bytes = n_unknown = 0
    with replacing(path) as partial, partial.open("wb") as file:
        for chunk, tokens in encode_stream(tokenizer, _readable(lines)):
            n_lines += len(chunk)
            n_bytes += sum(len(line.encode()) + 1 for line in chunk)
            flat = chain.from_iterable((*ids, tokenizer.sep_id) for ids in tokens)
            ids = np.fromiter(flat, dtype=dtype)
            n_tokens += len(ids)
            n_unknown += int((ids == tokenizer.unk_id).sum()) if tokenizer.unk_id >= 0 else 0
            file.write(ids.tobytes())
        if not n_lines:
            raise InputError(
                expected="text",
                found="no line with a token",
                where=str(path),
                next_step="Look at the text of this language: is the file empty?",
            )
    summary = CorpusSummary(
        n_lines, n_tokens, n_bytes, n_unknown, tokenizer.fingerprint, dtype, tokenizer.cls_id
    )
    write_atomically(_sidecar(path), json.dumps(asdict(summary), indent=1) + "\n")
    return open_corpus(path)


def open_corpus(path: Path | str, tokenizer: Tokenizer | None = None) -> EncodedCorpus:
    """Open a token file that `encode_corpus` wrote.

    Args:
        path: the token file; its sidecar lies beside it.
        tokenizer: where given, the tokenizer that the file must have been encoded with.

    Raises:
        InputError: the file or its sidecar is missing, cut short or does not fit the other, or
            another tokenizer wrote it.
    """
    path = Path(path)
    try:
        summary = CorpusSummary(**json.loads(_sidecar(path).read_text(encoding="utf-8")))
        dtype = np.dtype(summary.dtype)
        n_bytes, expected = path.stat().st_size, summary.n_tokens * dtype.itemsize
    except (OSError, ValueError, TypeError) as error:
        raise _damaged(path, f"{type(error).__name__}: {error}") from error
    if n_bytes != expected or not expected or summary.dtype not in ("<u2", "<i4"):
        raise _damaged(path, f"{n_bytes} bytes where {expected} belong")
    if tokenizer is not None and tokenizer.fingerprint != summary.tokenizer:
        raise _damaged(path, "the ids of another tokenizer")
    # A plain array over the map: indexing numpy's own memmap class costs twice the time.
    tokens = np.asarray(np.memmap(path, dtype=dtype, mode="r"))
    return EncodedCorpus(path, tokens, summary)


def _sidecar(path: Path) -> Path:
    return path.with_name(f"{path.name}.json")


def _damaged(path: Path, found: str) -> InputError:
    return InputError(
        expected="a whole token file and its sidecar",
        found=found,
        where=str(path),
        next_step=f"Remove `{path.name}` and `{path.name}.json` and run again: they are rebuilt.",
    )


def _readable(lines: Iterable[str]) -> Iterator[str]:
    """Tell trouble with the text from trouble with the token file that is being written."""
    try:
        yield from lines
    except OSError as error:
        raise InputError(
            expected="text that can be read",
            found=f"{error.strerror or error}",
            where=str(error.filename or "the text of this language"),
            next_step="Look whether the file is there and whether its permissions allow reading.",
        ) from error
