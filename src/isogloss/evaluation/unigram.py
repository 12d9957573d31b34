"""The loss of a model that knows only how frequent each token is: the plateau to leave."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

_CHUNK = 1 << 20


def unigram_nats(
    train_tokens: ArrayLike,
    dev_tokens: ArrayLike,
    vocabulary_size: int,
    *,
    ignore: Sequence[int] = (),
) -> float:
    """Return the cross-entropy of held-out tokens under add-one smoothed training frequencies.

    A masked-LM run whose loss on the same held-out text is not clearly below this number has learnt
    frequencies and nothing else; comparing two runs on different sides of this plateau measures the
    plateau, not interference.

    Args:
        train_tokens: ids of the training text, shape [n]; a memory map is read in chunks.
        dev_tokens: ids of the held-out text, shape [m].
        vocabulary_size: V; each token but the ignored ones gets one count more than it has.
        ignore: special ids, which are never masked and so never guessed.

    Returns:
        Nats per token.

    Raises:
        ValueError: the held-out text has no token.

    Example:
        >>> round(unigram_nats([0, 0, 1], [0, 1], 2), 4)  # (ln 5/3 + ln 5/2) / 2
        0.7136
    """
    train = _frequencies(train_tokens, vocabulary_size)
    dev = _frequencies(dev_tokens, vocabulary_size)
    kept = np.setdiff1d(np.arange(vocabulary_size), np.asarray(ignore, dtype=np.int64))
    train, dev = train[kept] + 1.0, dev[kept]
    if dev.sum() == 0:
        raise ValueError("held-out text should have a token that is not special. Found none.")
    return float(-(dev * np.log(train / train.sum())).sum() / dev.sum())


def _frequencies(tokens: ArrayLike, vocabulary_size: int) -> NDArray[np.int64]:
    """Count ids without a copy of the whole text."""
    ids = np.asanyarray(tokens)
    counts = np.zeros(vocabulary_size, dtype=np.int64)
    for start in range(0, len(ids), _CHUNK):
        counts += np.bincount(ids[start : start + _CHUNK], minlength=vocabulary_size)
    return counts
