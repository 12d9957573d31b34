"""Bits per byte: the masked-LM loss per byte of the masked tokens, of one vocabulary."""

import math

import numpy as np
from numpy.typing import NDArray


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
