"""What a shared vocabulary does to one language: rows of the confound table."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

import numpy as np

from isogloss.core import InputError
from isogloss.data.tokenizers.tokenizer import Tokenizer, encode_stream


@dataclass(frozen=True)
class TokenizerStatistics:
    """How a tokenizer treats one language's text.

    Args:
        n_lines: lines that hold a token.
        n_words: words between white space.
        n_tokens: without special tokens.
        n_bytes: UTF-8 bytes, one for each line's end included.
        n_pieces_used: different tokens that occur.
        n_unknown: those that are the unknown token.
        vocabulary_size: ids of the tokenizer.
        unigram_nats: entropy of the tokens' frequencies, nats per token: the masked-LM loss of a
            model that has learnt frequencies and nothing else, the plateau of early training.
    """

    n_lines: int
    n_words: int
    n_tokens: int
    n_bytes: int
    n_pieces_used: int
    n_unknown: int
    vocabulary_size: int
    unigram_nats: float

    @property
    def fertility(self) -> float:
        """Tokens a word; languages that write no spaces have few, long words."""
        return self.n_tokens / self.n_words

    @property
    def vocabulary_share(self) -> float:
        """Fraction of the vocabulary that occurs in this language's text."""
        return self.n_pieces_used / self.vocabulary_size

    @property
    def unknown_rate(self) -> float:
        """Fraction of the tokens that are unknown."""
        return self.n_unknown / self.n_tokens

    @property
    def bytes_per_token(self) -> float:
        """UTF-8 bytes a token stands for."""
        return self.n_bytes / self.n_tokens


def tokenizer_statistics(tokenizer: Tokenizer, lines: Iterable[str]) -> TokenizerStatistics:
    """Count how a tokenizer treats a text, in one pass over it.

    Args:
        tokenizer: the study's tokenizer.
        lines: text of one language.

    Raises:
        InputError: the text has no token.
    """
    counts = np.zeros(tokenizer.vocabulary_size, dtype=np.int64)
    n_lines = n_words = n_bytes = 0
    for chunk, encoded in encode_stream(tokenizer, lines):
        n_lines += len(chunk)
        n_words += sum(len(line.split()) for line in chunk)
        n_bytes += sum(len(line.encode()) + 1 for line in chunk)
        ids = np.fromiter(chain.from_iterable(encoded), dtype=np.int64)
        counts += np.bincount(ids, minlength=len(counts))
    if not n_lines:
        raise InputError(
            expected="text",
            found="no line with a token",
            where="statistics of the tokenizer",
            next_step="Look at the text of this language: is the file empty?",
        )
    used = counts[counts > 0] / counts.sum()
    return TokenizerStatistics(
        n_lines=n_lines,
        n_words=n_words,
        n_tokens=int(counts.sum()),
        n_bytes=n_bytes,
        n_pieces_used=len(used),
        n_unknown=int(counts[tokenizer.unk_id]) if tokenizer.unk_id >= 0 else 0,
        vocabulary_size=tokenizer.vocabulary_size,
        unigram_nats=float(-(used * np.log(used)).sum()),
    )
