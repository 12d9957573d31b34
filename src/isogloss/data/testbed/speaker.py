"""Speakers draw clauses from one probabilistic grammar of meanings.

Everything is drawn for all clauses at once. What a masked language model can learn from it: a
topic chooses nouns, verbs and adjectives; a verb prefers objects of its own kind; a name's entity
type follows from the verb or the adposition beside it; number and noun class spread by agreement.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from isogloss.data.testbed.choices import by_entity_type, by_topic, by_topic_and_kind, zipf
from isogloss.data.testbed.grammar import N_NAME_TOKENS, SLOT, SLOTS
from isogloss.data.testbed.lexicon import ENTITY_TYPES, N_GENITIVE_ADPOSITIONS, Lexicon
from isogloss.data.testbed.meanings import ABSENT, Meanings

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
        self._verb = by_topic(lexicon, "VERB", topics)
        self._adjective = by_topic(lexicon, "ADJ", topics)
        self._noun = by_topic(lexicon, "NOUN", topics)
        self._object_noun = by_topic_and_kind(lexicon, self._noun)
        self._name = by_entity_type(lexicon)

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
        self._subject(clauses, rng)
        adverbs = self._lexicon.members("ADV")
        said = rng.random(n) < habits.adverb
        self._fill(clauses, "adverb", said, adverbs[zipf(len(adverbs), n, rng)])
        self._object(clauses, rng)
        self._place(clauses, rng)
        return clauses

    def _verb_kind(self, clauses: Meanings) -> NDArray[np.int64]:
        return self._lexicon.kind[clauses.lexemes[:, SLOT["verb"]]]

    def _subject(self, clauses: Meanings, rng: np.random.Generator) -> None:
        """A name of the type that the verb asks for, or a noun; the verb takes its number."""
        named = rng.random(len(clauses)) < self._habits.named_subject
        types = np.where(self._verb_kind(clauses) == 0, PER, ORG)
        self._name_phrase(clauses, "s", named, types, rng)
        self._noun_phrase(clauses, "s", ~named, self._noun.draw(clauses.topics, rng), rng)
        number = np.where(named, 0, clauses.features[:, SLOT["s_noun"]] % 2)
        clauses.features[:, SLOT["verb"]] = number

        # The modifier parts subject and verb, so that agreement has to reach over a distance.
        modified = ~named & (rng.random(len(clauses)) < self._habits.modifier)
        self._noun_phrase(clauses, "m", modified, self._noun.draw(clauses.topics, rng), rng)
        genitive = rng.integers(N_GENITIVE_ADPOSITIONS, size=len(clauses))
        self._fill(clauses, "m_adp", modified, self._lexicon.members("ADP")[genitive])

    def _object(self, clauses: Meanings, rng: np.random.Generator) -> None:
        """A name of the other type than the subject's, or a noun of mostly the verb's kind."""
        n, verb_kind = len(clauses), self._verb_kind(clauses)
        said = rng.random(n) < self._habits.object
        named = rng.random(n) < self._habits.named_object
        kind = np.where(rng.random(n) < SAME_KIND, verb_kind, 1 - verb_kind)
        nouns = self._object_noun.draw(2 * clauses.topics + kind, rng)
        types = np.where(verb_kind == 0, ORG, PER)
        self._name_phrase(clauses, "o", said & named, types, rng)
        self._noun_phrase(clauses, "o", said & ~named, nouns, rng)

    def _place(self, clauses: Meanings, rng: np.random.Generator) -> None:
        """An adposition of place before the name of a place, or before a noun."""
        n, adpositions = len(clauses), self._lexicon.members("ADP")
        said = rng.random(n) < self._habits.place
        named = rng.random(n) < self._habits.named_place
        nouns = self._noun.draw(clauses.topics, rng)
        self._name_phrase(clauses, "p", said & named, np.full(n, LOC), rng)
        self._noun_phrase(clauses, "p", said & ~named, nouns, rng)
        local = rng.integers(N_GENITIVE_ADPOSITIONS, len(adpositions), size=n)
        self._fill(clauses, "p_adp", said, adpositions[local])

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
            clauses, f"{phrase}_det", where, determiners[zipf(len(determiners), n, rng)], feature
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
