"""Exact shares: how many of the first n rows belong to each language."""

import heapq
from collections.abc import Mapping
from typing import Final, final

import numpy as np
from numpy.typing import NDArray

from isogloss.core import Language
from isogloss.data.shares import language_shares

# Integers, because a count must never step back when n grows, on any machine.
_BITS: Final = 60
_HALF: Final = 1 << (_BITS - 1)


@final
class LanguageQuota:
    r"""Divide any number of rows among languages, without drawing lots.

    Drawing each row's language at random would give a language sqrt(n p (1 - p)) rows more or less
    than its share: a budget that differs from run to run. Here the n rows of a node of a binary
    tree are divided as :math:`n_{left} = \lfloor n \, p_{left} / p_{node} + 1/2 \rfloor`,
    :math:`n_{right} = n - n_{left}`, and the leaves are the languages. Both parts grow by 0 or 1
    when n grows by 1, so counts are sums over rows that exist; nothing depends on earlier calls.

    The tree is Huffman's. A language's count is off its share by at most 1/2 for the division at
    its own node, plus what its ancestors pass on: below one row for up to three languages, and
    below 1.7 rows for any number (ancestors' shares grow at least as Fibonacci's numbers do). The
    bound for the given shares is `deviation`; it does not grow with n.

    Args:
        sizes: amount of data of each language, > 0.
        exponent: p_l is proportional to size_l ** exponent; see `language_shares`.

    Example:
        >>> quota = LanguageQuota({Language.parse("en"): 900, Language.parse("sw"): 100}, 1.0)
        >>> [quota.counts(n).tolist() for n in (0, 1, 10, 16)]
        [[0, 0], [1, 0], [9, 1], [14, 2]]

    Reference:
        Huffman, A Method for the Construction of Minimum-Redundancy Codes, 1952.
    """

    def __init__(self, sizes: Mapping[Language, float], exponent: float) -> None:
        self.languages: tuple[Language, ...] = tuple(sizes)
        self.shares: NDArray[np.float64] = language_shares(sizes, exponent)
        self._divisions = _huffman(self.shares.tolist())
        self.deviation = _deviation(self._divisions, self.shares.tolist())

    def counts(self, n_rows: int) -> NDArray[np.int64]:
        """Return how many of the first `n_rows` rows each language gets.

        Args:
            n_rows: any number >= 0.

        Returns:
            Counts, shape [languages], that sum to `n_rows`; none falls when `n_rows` grows.
        """
        n_languages = len(self.languages)
        counts = [n_rows] * (2 * n_languages - 1)
        for node, left, right, numerator in reversed(self._divisions):
            counts[left] = (counts[node] * numerator + _HALF) >> _BITS
            counts[right] = counts[node] - counts[left]
        return np.array(counts[:n_languages], dtype=np.int64)


def _huffman(shares: list[float]) -> list[tuple[int, int, int, int]]:
    """Join the two smallest parts until one is left: (node, left, right, left's part of 2^60)."""
    parts = [(share, leaf) for leaf, share in enumerate(shares)]
    heapq.heapify(parts)
    divisions: list[tuple[int, int, int, int]] = []
    for node in range(len(shares), 2 * len(shares) - 1):
        (small, left), (large, right) = heapq.heappop(parts), heapq.heappop(parts)
        # Shares below the smallest float are 0, and two of them may meet.
        fraction = small / (small + large) if small else 0.0
        divisions.append((node, left, right, round(fraction * (1 << _BITS))))
        heapq.heappush(parts, (small + large, node))
    return divisions


def _deviation(divisions: list[tuple[int, int, int, int]], shares: list[float]) -> float:
    """Bound the distance of a count from its share: (1 + sum of p_leaf / p_ancestor) / 2."""
    if not divisions:
        return 0.0
    part = dict(enumerate(shares))
    parent: dict[int, int] = {}
    for node, left, right, _ in divisions:
        part[node] = part[left] + part[right]
        parent[left] = parent[right] = node
    root = divisions[-1][0]

    def passed_on(leaf: int) -> float:
        total, ancestor = 0.0, parent[leaf]
        while ancestor != root:
            total += part[leaf] / part[ancestor] if part[ancestor] else 0.0
            ancestor = parent[ancestor]
        return total

    return max(0.5 + 0.5 * passed_on(leaf) for leaf in range(len(shares)))
