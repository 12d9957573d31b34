"""Retrieval accuracy on parallel text: is a sentence's nearest neighbour its translation?"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


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
