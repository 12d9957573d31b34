"""What the languages talk about: clauses drawn from one probabilistic grammar of meanings.

Everything is drawn for all clauses at once. What a masked language model can learn from it: a
topic chooses nouns, verbs and adjectives; a verb prefers objects of its own kind; a name's entity
type follows from the verb or the adposition beside it; number and noun class spread by agreement.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from isogloss.data.testbed.grammar import N_NAME_TOKENS, SLOT, SLOTS
from isogloss.data.testbed.lexicon import ENTITY_TYPES, N_GENITIVE_ADPOSITIONS, Lexicon

ABSENT: Final = -1
IN_TOPIC: Final = 0.85  # share of content words that keep to the clause's topic
SAME_KIND: Final = 0.85  # share of objects that are of the verb's kind
PLURAL: Final = 0.4
NAME_LENGTHS: Final = (0.55, 0.3, 0.15)  # share of names with 1, 2, 3 tokens
PER, LOC, ORG = range(len(ENTITY_TYPES))


@dataclass(frozen=True)
class Habits:
    """How often speakers do what: probabilities of the optional parts of a clause."""

    named_subject: float = 0.35
    named_object: float = 0.25
    named_place: float = 0.6
    modifier: float = 0.35
    adjective: float = 0.4
    adverb: float = 0.3
    object: float = 0.8
    place: float = 0.5


FOREIGN_HABITS: Final = Habits(
    named_subject=0.25, named_object=0.35, modifier=0.2, adjective=0.6, adverb=0.5, place=0.6
)


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


class Speaker:
    """Draws meanings from a lexicon.

    Args:
        lexicon: the lexemes to talk about.
        habits: how often the optional parts are said.
    """

    def __init__(self, lexicon: Lexicon, habits: Habits) -> None:
        self._lexicon = lexicon
        self._habits = habits
        topics = np.arange(lexicon.n_topics)
        self._verb = _by_topic(lexicon, "VERB", topics)
        self._adjective = _by_topic(lexicon, "ADJ", topics)
        self._noun = _by_topic(lexicon, "NOUN", topics)
        self._object = _by_topic_and_kind(lexicon, self._noun)
        self._name = _by_entity_type(lexicon)

    def draw(self, n: int, rng: np.random.Generator) -> Meanings:
        """Draw `n` clauses, possibly with repetitions."""
        habits = self._habits
        shape = (n, len(SLOTS))
        clauses = Meanings(
            lexemes=np.full(shape, ABSENT),
            features=np.zeros(shape, dtype=np.int64),
            entities=np.full(shape, ABSENT),
            topics=rng.integers(self._lexicon.n_topics, size=n),
        )
        everywhere = np.ones(n, dtype=np.bool_)
        self._fill(clauses, "verb", everywhere, self._verb.draw(clauses.topics, rng))
        self._fill(clauses, "stop", everywhere, self._lexicon.members("PUNCT"))
        verb_kind = self._lexicon.kind[clauses.lexemes[:, SLOT["verb"]]]

        named = rng.random(n) < habits.named_subject
        self._name_phrase(clauses, "s", named, np.where(verb_kind == 0, PER, ORG), rng)
        self._noun_phrase(clauses, "s", ~named, self._noun.draw(clauses.topics, rng), rng)
        number = np.where(named, 0, clauses.features[:, SLOT["s_noun"]] % 2)
        clauses.features[:, SLOT["verb"]] = number

        modified = ~named & (rng.random(n) < habits.modifier)
        self._noun_phrase(clauses, "m", modified, self._noun.draw(clauses.topics, rng), rng)
        adpositions = self._lexicon.members("ADP")
        genitive = rng.integers(N_GENITIVE_ADPOSITIONS, size=n)
        self._fill(clauses, "m_adp", modified, adpositions[genitive])

        adverbs = self._lexicon.members("ADV")
        said = rng.random(n) < habits.adverb
        self._fill(clauses, "adverb", said, adverbs[_zipf(len(adverbs), n, rng)])

        transitive = rng.random(n) < habits.object
        named = rng.random(n) < habits.named_object
        kind = np.where(rng.random(n) < SAME_KIND, verb_kind, 1 - verb_kind)
        things = self._object.draw(2 * clauses.topics + kind, rng)
        types = np.where(verb_kind == 0, ORG, PER)
        self._name_phrase(clauses, "o", transitive & named, types, rng)
        self._noun_phrase(clauses, "o", transitive & ~named, things, rng)

        placed = rng.random(n) < habits.place
        named = rng.random(n) < habits.named_place
        self._name_phrase(clauses, "p", placed & named, np.full(n, LOC), rng)
        self._noun_phrase(clauses, "p", placed & ~named, self._noun.draw(clauses.topics, rng), rng)
        local = rng.integers(N_GENITIVE_ADPOSITIONS, len(adpositions), size=n)
        self._fill(clauses, "p_adp", placed, adpositions[local])
        return clauses

    def _noun_phrase(
        self,
        clauses: Meanings,
        phrase: str,
        where: NDArray[np.bool_],
        nouns: NDArray[np.int64],
        rng: np.random.Generator,
    ) -> None:
        """Determiner, noun and perhaps an adjective, all with the noun's class and number."""
        n = len(clauses)
        many = (rng.random(n) < PLURAL).astype(np.int64)
        feature = 2 * self._lexicon.noun_class[nouns] + many
        determiners = self._lexicon.members("DET")
        self._fill(clauses, f"{phrase}_noun", where, nouns, feature)
        self._fill(
            clauses, f"{phrase}_det", where, determiners[_zipf(len(determiners), n, rng)], feature
        )
        if f"{phrase}_adj" in SLOT:
            said = where & (rng.random(n) < self._habits.adjective)
            adjectives = self._adjective.draw(clauses.topics, rng)
            self._fill(clauses, f"{phrase}_adj", said, adjectives, feature)

    def _name_phrase(
        self,
        clauses: Meanings,
        phrase: str,
        where: NDArray[np.bool_],
        types: NDArray[np.int64],
        rng: np.random.Generator,
    ) -> None:
        """A name of one to three tokens; its tokens come from the names of its entity type."""
        length = 1 + rng.choice(len(NAME_LENGTHS), size=len(clauses), p=NAME_LENGTHS)
        for i in range(N_NAME_TOKENS):
            said = where & (length > i)
            slot = f"{phrase}_name{i}"
            self._fill(clauses, slot, said, self._name.draw(types, rng))
            clauses.entities[said, SLOT[slot]] = types[said]

    @staticmethod
    def _fill(
        clauses: Meanings,
        slot: str,
        where: NDArray[np.bool_],
        lexemes: NDArray[np.int64],
        features: NDArray[np.int64] | None = None,
    ) -> None:
        clauses.lexemes[:, SLOT[slot]] = np.where(where, lexemes, ABSENT)
        if features is not None:
            clauses.features[:, SLOT[slot]] = np.where(where, features, 0)


@dataclass(frozen=True, eq=False)
class _Choice:
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


def _choice(lexemes: NDArray[np.int64], weights: NDArray[np.float64]) -> _Choice:
    share = weights / weights.sum(axis=1, keepdims=True)
    return _Choice(lexemes, np.cumsum(share, axis=1))


def _by_topic(lexicon: Lexicon, category: str, topics: NDArray[np.int64]) -> _Choice:
    """`IN_TOPIC` of the mass on the topic's own lexemes, Zipfian within and without."""
    lexemes = lexicon.members(category)
    own = lexicon.topic[lexemes][None, :] == topics[:, None]
    weight = np.broadcast_to(lexicon.weight[lexemes], own.shape)
    inside = IN_TOPIC * weight * own / (weight * own).sum(axis=1, keepdims=True)
    outside = (1 - IN_TOPIC) * weight * ~own / (weight * ~own).sum(axis=1, keepdims=True)
    return _choice(lexemes, inside + outside)


def _by_topic_and_kind(lexicon: Lexicon, nouns: _Choice) -> _Choice:
    """The nouns of a topic, split by kind; context = 2 * topic + kind."""
    by_topic = np.diff(nouns.cumulative, axis=1, prepend=0.0)
    same = lexicon.kind[nouns.lexemes][None, :] == np.arange(2)[:, None]
    by_both = (by_topic[:, None, :] * same[None, :, :]).reshape(-1, len(nouns.lexemes))
    return _choice(nouns.lexemes, by_both)


def _by_entity_type(lexicon: Lexicon) -> _Choice:
    """Three in four names belong to one entity type, the fourth to any: only context tells."""
    names = lexicon.members("PROPN")
    owner = np.arange(len(names)) % (len(ENTITY_TYPES) + 1)
    allowed = (owner[None, :] == np.arange(len(ENTITY_TYPES))[:, None]) | (
        owner == len(ENTITY_TYPES)
    )
    return _choice(names, allowed * lexicon.weight[names])


def _zipf(n_items: int, n: int, rng: np.random.Generator) -> NDArray[np.int64]:
    weight = 1.0 / (np.arange(n_items) + 1.0)
    return rng.choice(n_items, size=n, p=weight / weight.sum())


class UniqueMeanings:
    """Draws meanings that were never drawn before, whoever speaks.

    No clause occurs twice in the whole bed, so no split can leak into another, not even through
    a language that happens to say the same (a twin) or through a translation.
    """

    def __init__(self) -> None:
        self._seen: NDArray[np.uint64] = np.empty(0, dtype=np.uint64)

    def draw(self, speaker: Speaker, n: int, rng: np.random.Generator) -> Meanings:
        """Draw exactly `n` clauses unlike each other and unlike all drawn before."""
        parts = list(self._parts(speaker, n, rng))
        return Meanings(
            *(
                np.concatenate([getattr(part, name) for part in parts])
                for name in ("lexemes", "features", "entities", "topics")
            )
        )

    def _parts(self, speaker: Speaker, n: int, rng: np.random.Generator) -> Iterator[Meanings]:
        while n > 0:
            drawn = speaker.draw(n, rng)
            keys = _keys(drawn)
            first = np.unique(keys, return_index=True)[1]
            fresh = np.sort(first[~np.isin(keys[first], self._seen)])
            self._seen = np.concatenate([self._seen, keys[fresh]])
            n -= len(fresh)
            yield drawn[fresh]


def _keys(clauses: Meanings) -> NDArray[np.uint64]:
    """A 64-bit hash of what is said; a rare collision only drops a clause."""
    words = (clauses.lexemes * 8 + clauses.features + 8).astype(np.uint64)
    key = np.zeros(len(clauses), dtype=np.uint64)
    for column in words.T:
        key = (key ^ column) * np.uint64(0x100000001B3)
        key ^= key >> np.uint64(29)
    return key
