"""What an example adds to accuracy, bits per byte and retrieval accuracy."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def tag_counts(gold: Sequence[str], predicted: Sequence[str]) -> list[float]:
    """Return (correct, total) over the words of one sentence, for `pos_accuracy`.

    Example:
        >>> tag_counts(["NOUN", "VERB"], ["NOUN", "NOUN"])
        [1.0, 2.0]
    """
    correct = sum(first == second for first, second in zip(gold, predicted, strict=True))
    return [float(correct), float(len(gold))]


def answer_counts(gold: str, predicted: str) -> list[float]:
    """Return (correct, total) of one example, for `accuracy`."""
    return [float(gold == predicted), 1.0]


def bit_counts(
    nats: NDArray[np.float64], n_bytes: NDArray[np.int64], rows: NDArray[np.int64], n_rows: int
) -> NDArray[np.float64]:
    """Return (bits, bytes) of each row of text.

    Args:
        nats: negative log-probability of each masked token, shape [n].
        n_bytes: UTF-8 bytes that each masked token stands for, shape [n].
        rows: the row of each masked token, shape [n].
        n_rows: number of rows.

    Returns:
        Counts for `bits_per_byte`, shape [n_rows, 2]: bits spent on the masked tokens, and the
        bytes of those tokens alone.

    Example:
        >>> nats = np.array([math.log(2), math.log(4)])
        >>> bit_counts(nats, np.array([3, 1]), np.array([0, 0]), 1).tolist()
        [[3.0, 4.0]]
    """
    bits = np.bincount(rows, weights=nats / math.log(2), minlength=n_rows)
    covered = np.bincount(rows, weights=n_bytes, minlength=n_rows)
    return np.stack([bits, covered], axis=1, dtype=np.float64)


def nearest(
    queries: NDArray[np.float64], candidates: NDArray[np.float64], chunk: int
) -> NDArray[np.int64]:
    """Return the index of each query's nearest candidate by cosine; the first of equal ones.

    Args:
        queries: shape [n, d], rows of length 1.
        candidates: shape [m, d], rows of length 1.
        chunk: queries compared at once, so that memory is chunk x m and not n x m.

    Returns:
        Indices into candidates, shape [n].
    """
    found = [
        (queries[start : start + chunk] @ candidates.T).argmax(axis=1)
        for start in range(0, len(queries), chunk)
    ]
    return np.concatenate(found) if found else np.zeros(0, dtype=np.int64)


def retrieval_counts(
    pairs: Sequence[tuple[str, str]],
    forward: NDArray[np.int64],
    backward: NDArray[np.int64],
) -> NDArray[np.float64]:
    """Return (correct, total) of each pair over both directions.

    Args:
        pairs: sentence and translation.
        forward: for each sentence, index of the translation it found.
        backward: for each translation, index of the sentence it found.

    Returns:
        Counts for `retrieval_accuracy`, shape [n, 2]. A sentence that stands twice in the data is
        right wherever it is found.
    """
    counts = [
        [float(pairs[there][1] == pair[1]) + float(pairs[back][0] == pair[0]), 2.0]
        for pair, there, back in zip(pairs, forward.tolist(), backward.tolist(), strict=True)
    ]
    return np.array(counts).reshape(-1, 2)
