"""What is said, before any language says it: clauses as filled slots, none of them twice."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from isogloss.core import InputError

ABSENT: Final = -1
_PATIENCE: Final = 100  # rounds of drawing before a lexicon counts as exhausted


@dataclass(frozen=True, eq=False)
class Meanings:
    """Clauses without words.

    Attributes:
        lexemes: lexeme that fills each slot or `ABSENT`, shape [n, slots].
        features: agreement feature of each slot, shape [n, slots].
        entities: index into `ENTITY_TYPES` or `ABSENT`, shape [n, slots].
        topics: topic of each clause, shape [n].
    """

    lexemes: NDArray[np.int64]
    features: NDArray[np.int64]
    entities: NDArray[np.int64]
    topics: NDArray[np.int64]

    def __len__(self) -> int:
        """Number of clauses."""
        return len(self.topics)

    def __getitem__(self, rows: slice | NDArray[np.int64]) -> "Meanings":
        """The clauses of the given rows."""
        return Meanings(
            self.lexemes[rows], self.features[rows], self.entities[rows], self.topics[rows]
        )


class Source(Protocol):
    """Whatever draws clauses, repetitions included: a `speaker.Speaker`."""

    def draw(self, n: int, rng: np.random.Generator) -> Meanings:
        """Draw `n` clauses."""
        ...


class UniqueMeanings:
    """Draws meanings that were never drawn before, whoever speaks.

    No clause occurs twice in the whole bed, so no split can leak into another, not even through
    a language that happens to say the same (a twin) or through a translation.
    """

    def __init__(self) -> None:
        self._seen: NDArray[np.uint64] = np.empty(0, dtype=np.uint64)

    def draw(self, speaker: Source, n: int, rng: np.random.Generator) -> Meanings:
        """Draw exactly `n` clauses unlike each other and unlike all drawn before."""
        parts = list(self._parts(speaker, n, rng))
        return Meanings(
            *(
                np.concatenate([getattr(part, name) for part in parts])
                for name in ("lexemes", "features", "entities", "topics")
            )
        )

    def _parts(self, speaker: Source, n: int, rng: np.random.Generator) -> Iterator[Meanings]:
        wanted = n
        for _ in range(_PATIENCE):
            if n <= 0:
                return
            drawn = speaker.draw(n, rng)
            keys = _keys(drawn)
            first = np.unique(keys, return_index=True)[1]
            fresh = np.sort(first[~np.isin(keys[first], self._seen)])
            self._seen = np.concatenate([self._seen, keys[fresh]])
            n -= len(fresh)
            yield drawn[fresh]
        raise InputError(
            expected=f"a lexicon that can say {wanted} different clauses",
            found=f"{wanted - n} after {_PATIENCE} rounds",
            where="recipe, lexicon",
            next_step="Ask for fewer sentences or give the lexicon more words.",
        )


def _keys(clauses: Meanings) -> NDArray[np.uint64]:
    """A 64-bit hash of what is said; a rare collision only drops a clause."""
    words = (clauses.lexemes * 8 + clauses.features + 8).astype(np.uint64)
    key = np.zeros(len(clauses), dtype=np.uint64)
    for column in words.T:
        key = (key ^ column) * np.uint64(0x100000001B3)
        key ^= key >> np.uint64(29)
    return key
