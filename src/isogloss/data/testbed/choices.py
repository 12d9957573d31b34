"""Which lexeme is said in which context: one table of probabilities for each choice."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from isogloss.data.testbed.lexicon import ENTITY_TYPES, Lexicon

IN_TOPIC: Final = 0.85  # share of content words that keep to the clause's topic


@dataclass(frozen=True, eq=False)
class Choice:
    """A categorical distribution over `lexemes` for each context (cumulative, [contexts, k])."""

    lexemes: NDArray[np.int64]
    cumulative: NDArray[np.float64]

    def draw(self, contexts: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.int64]:
        """One lexeme for each context."""
        chance = rng.random(len(contexts))
        picked = np.empty(len(contexts), dtype=np.int64)
        for context, cumulative in enumerate(self.cumulative):
            rows = contexts == context
            picked[rows] = np.searchsorted(cumulative, chance[rows], side="right")
        return self.lexemes[np.minimum(picked, len(self.lexemes) - 1)]


def _choice(lexemes: NDArray[np.int64], weights: NDArray[np.float64]) -> Choice:
    share = weights / weights.sum(axis=1, keepdims=True)
    return Choice(lexemes, np.cumsum(share, axis=1))


def by_topic(lexicon: Lexicon, category: str, topics: NDArray[np.int64]) -> Choice:
    """`IN_TOPIC` of the mass on the topic's own lexemes, Zipfian within and without."""
    lexemes = lexicon.members(category)
    own = lexicon.topic[lexemes][None, :] == topics[:, None]
    weight = np.broadcast_to(lexicon.weight[lexemes], own.shape)
    inside = IN_TOPIC * weight * own / (weight * own).sum(axis=1, keepdims=True)
    outside = (1 - IN_TOPIC) * weight * ~own / (weight * ~own).sum(axis=1, keepdims=True)
    return _choice(lexemes, inside + outside)


def by_topic_and_kind(lexicon: Lexicon, nouns: Choice) -> Choice:
    """The nouns of a topic, split by kind; context = 2 * topic + kind."""
    by_topic = np.diff(nouns.cumulative, axis=1, prepend=0.0)
    same = lexicon.kind[nouns.lexemes][None, :] == np.arange(2)[:, None]
    by_both = (by_topic[:, None, :] * same[None, :, :]).reshape(-1, len(nouns.lexemes))
    return _choice(nouns.lexemes, by_both)


def by_entity_type(lexicon: Lexicon) -> Choice:
    """Three in four names belong to one entity type, the fourth to any: only context tells."""
    names = lexicon.members("PROPN")
    owner = np.arange(len(names)) % (len(ENTITY_TYPES) + 1)
    allowed = (owner[None, :] == np.arange(len(ENTITY_TYPES))[:, None]) | (
        owner == len(ENTITY_TYPES)
    )
    return _choice(names, allowed * lexicon.weight[names])


def zipf(n_items: int, n: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Draw `n` of the numbers 0 .. n_items - 1, each with weight 1 / (number + 1)."""
    weight = 1.0 / (np.arange(n_items) + 1.0)
    return rng.choice(n_items, size=n, p=weight / weight.sum())
