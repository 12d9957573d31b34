"""The words of the test bed: lexemes that all languages share, and the sounds that spell them.

A lexeme is a meaning, not a string: every language of the bed talks about the same ones, and only
`spell` (here) and `relations` (next door) decide how a language writes them. Stems are built of
consonant-vowel syllables and endings are single consonants, so a word has exactly one reading as
stem + ending; no two words of a language can collide by accident.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

CATEGORIES: Final = ("NOUN", "VERB", "ADJ", "ADV", "ADP", "DET", "PROPN", "PUNCT")
ENTITY_TYPES: Final = ("PER", "LOC", "ORG")
N_NOUN_CLASSES: Final = 2
STOP: Final = "."


@dataclass(frozen=True)
class LexiconSize:
    """How many lexemes each open category has.

    Small on purpose: a tiny masked language model has to see every word often enough in a few
    hundred updates to leave the unigram plateau.

    Args:
        topics: number of topics, at least 2 and at most `len(TOPICS)`.
        nouns, verbs, adjectives: content lexemes; at least 2 for each topic.
        adverbs: lexemes without topic.
        names: proper names, at least 4 (one for each entity type, one that all types share).
    """

    topics: int = 4
    nouns: int = 40
    verbs: int = 24
    adjectives: int = 8
    adverbs: int = 6
    names: int = 24


TOPICS: Final = ("farming", "health", "music", "sports", "trade", "travel", "weather")
N_ADPOSITIONS: Final = 6
N_GENITIVE_ADPOSITIONS: Final = 2  # the first ones join a noun to a noun, the others place an event
N_DETERMINERS: Final = 2


@dataclass(frozen=True)
class Lexicon:
    """Every lexeme with what the grammar must know about it.

    Attributes:
        category: index into `CATEGORIES`, shape [lexemes].
        noun_class: 0 or 1, shape [lexemes]; determiners, adjectives and verbs agree with it.
        topic: index of the topic that prefers the lexeme, -1 = none, shape [lexemes].
        kind: 0 or 1, shape [lexemes]; a verb prefers objects of its own kind.
        weight: Zipfian weight 1 / rank within the category, shape [lexemes].
        n_topics: number of topics.
    """

    category: NDArray[np.int64]
    noun_class: NDArray[np.int64]
    topic: NDArray[np.int64]
    kind: NDArray[np.int64]
    weight: NDArray[np.float64]
    n_topics: int

    def __len__(self) -> int:
        """Number of lexemes."""
        return len(self.category)

    def members(self, category: str) -> NDArray[np.int64]:
        """Ids of the lexemes of one category, most frequent first."""
        return np.flatnonzero(self.category == CATEGORIES.index(category))


def make_lexicon(size: LexiconSize) -> Lexicon:
    """Lay out the lexemes of all categories; no chance involved.

    Topics alternate along the frequency ranks, so that every topic has frequent and rare words;
    kind and noun class alternate more slowly, so that the three are independent of one another.
    """
    counts = {
        "NOUN": size.nouns,
        "VERB": size.verbs,
        "ADJ": size.adjectives,
        "ADV": size.adverbs,
        "ADP": N_ADPOSITIONS,
        "DET": N_DETERMINERS,
        "PROPN": size.names,
        "PUNCT": 1,
    }
    category = np.repeat(np.arange(len(CATEGORIES)), [counts[c] for c in CATEGORIES])
    rank = np.concatenate([np.arange(counts[c]) for c in CATEGORIES])
    has_topic = np.isin(category, [CATEGORIES.index(c) for c in ("NOUN", "VERB", "ADJ")])
    turn = rank // size.topics
    return Lexicon(
        category=category,
        noun_class=(turn // 2 + rank) % N_NOUN_CLASSES,
        topic=np.where(has_topic, rank % size.topics, -1),
        kind=turn % 2,
        weight=np.divide(1.0, rank // np.where(has_topic, size.topics, 1) + 2, dtype=np.float64),
        n_topics=size.topics,
    )


@dataclass(frozen=True)
class Sounds:
    """The sounds of a language: what its syllables and its endings are made of."""

    consonants: str
    vowels: str
    endings: str


NATIVE_SOUNDS: Final = Sounds(consonants="bdgklmnprst", vowels="aeiou", endings="nslr")
CLONE_SOUNDS: Final = Sounds(consonants="bdgklmnprst", vowels="aeiou", endings="tkmp")
# No consonant in common with the others: an unrelated language shares no word and no syllable.
FOREIGN_SOUNDS: Final = Sounds(consonants="fvzhjwxcq", vowels="aiuyo", endings="fvzhjw")


def spell(
    lexicon: Lexicon, sounds: Sounds, rng: np.random.Generator, *, taken: frozenset[str]
) -> tuple[str, ...]:
    """Give every lexeme a pronounceable stem that is neither `taken` nor given twice.

    Closed categories get one syllable, open ones two, names and the rarer half of the open ones
    two or three: frequent words are short, as in languages of people.

    Args:
        lexicon: the lexemes.
        sounds: what syllables are made of.
        rng: source of chance.
        taken: stems that may not be used.

    Returns:
        One stem a lexeme; the stop is always `STOP`.
    """
    syllables = [c + v for c in sounds.consonants for v in sounds.vowels]
    used = set(taken)
    stems: list[str] = []
    for category in lexicon.category:
        name = CATEGORIES[category]
        if name == "PUNCT":
            stems.append(STOP)
            continue
        length = 1 if name in ("DET", "ADP") else 2
        stem = _draw(syllables, length, rng)
        while stem in used:
            # One in eight tries is longer, so that a crowded length always ends.
            length += int(rng.integers(8) == 0)
            stem = _draw(syllables, length, rng)
        used.add(stem)
        stems.append(stem)
    return tuple(stems)


def _draw(syllables: list[str], length: int, rng: np.random.Generator) -> str:
    return "".join(syllables[i] for i in rng.integers(len(syllables), size=length))
