"""Texts in groups by what they are made of: pseudo-tasks out of one language's examples."""

import hashlib
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from isogloss.core import InputError

_COLUMNS: Final = 512
_LONGEST: Final = 3
_ROUNDS: Final = 30


def text_groups(texts: Sequence[str], n_groups: int) -> NDArray[np.int64]:
    """Divide texts into groups by their character n-grams; nothing is drawn by lot.

    Spherical k-means on tf-idf of hashed n-grams of one to three characters: each text goes to the
    group whose mean direction is nearest. The first centre is the text nearest to the mean of all,
    each further one the text farthest from those before.

    Args:
        texts: any strings.
        n_groups: at least 1.

    Returns:
        The group of each text, from 0; no group is empty. Shape [texts].

    Raises:
        InputError: fewer texts than groups.

    Example:
        >>> text_groups(["aa ab", "aa ba", "zy zz", "zz yz"], 2).tolist()
        [0, 0, 1, 1]

    Reference:
        Dhillon, Modha. Concept Decompositions for Large Sparse Text Data Using Clustering. Machine
        Learning 42, 2001. https://doi.org/10.1023/A:1007612920971
    """
    if len(texts) < max(n_groups, 1):
        raise InputError(
            expected=f"at least as many examples as groups: {n_groups}",
            found=f"{len(texts)}",
            where="pseudo_tasks",
            next_step="Use fewer groups, or more examples.",
        )
    rows = _tf_idf(texts)
    centres = _spread(rows, n_groups)
    groups = _nearest(rows, centres)
    for _ in range(_ROUNDS):
        sums = np.stack([rows[groups == group].sum(axis=0) for group in range(n_groups)])
        moved = _nearest(rows, _unit(sums))
        if np.array_equal(moved, groups):
            break
        groups = moved
    return groups


def _tf_idf(texts: Sequence[str]) -> NDArray[np.float64]:
    """Return a direction for each text, shape [texts, columns]."""
    counts = np.zeros((len(texts), _COLUMNS))
    columns: dict[str, int] = {}
    for row, text in enumerate(texts):
        for size in range(1, _LONGEST + 1):
            for start in range(len(text) - size + 1):
                gram = text[start : start + size]
                column = columns.setdefault(gram, -1)
                if column < 0:
                    column = columns[gram] = _column(gram)
                counts[row, column] += 1
    present = (counts > 0).sum(axis=0)
    return _unit(np.log1p(counts) * np.log((1 + len(texts)) / (1 + present)))


def _column(gram: str) -> int:
    # Python's own hash differs from process to process.
    return int.from_bytes(hashlib.blake2b(gram.encode(), digest_size=8).digest()) % _COLUMNS


def _unit(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return rows of length one; a row of zeros stays."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / np.where(lengths == 0, 1.0, lengths)


def _spread(rows: NDArray[np.float64], n_groups: int) -> NDArray[np.float64]:
    """Return centres that are texts far from one another, shape [groups, columns]."""
    chosen = [int(np.argmax(rows @ rows.mean(axis=0)))]
    while len(chosen) < n_groups:
        nearness = (rows @ rows[chosen].T).max(axis=1)
        nearness[chosen] = np.inf
        chosen.append(int(np.argmin(nearness)))
    return rows[chosen]


def _nearest(rows: NDArray[np.float64], centres: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the nearest centre of each text; an empty group gets the text that fits worst."""
    nearness = rows @ centres.T
    # Rounded, so that another order of summation cannot turn a tie.
    groups = np.argmax(nearness.round(9), axis=1)
    for group in range(len(centres)):
        if not (groups == group).any():
            fit = nearness[np.arange(len(rows)), groups]
            fit[np.bincount(groups, minlength=len(centres))[groups] < 2] = np.inf
            groups[int(np.argmin(fit))] = group
    return groups
