"""The ways in which a language can relate to the base: one small function each, one table.

Two languages of the bed differ in nothing but what their relation says. A relation takes the base
and returns the other language: the form of every word, the grammar, the habits of its speakers.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from isogloss.data.testbed.grammar import (
    HEAD_FINAL,
    HEAD_INITIAL,
    N_ENDINGS,
    SLOT_CATEGORY,
    VERB_FIRST,
    Grammar,
    case_grammar,
    concord_grammar,
)
from isogloss.data.testbed.lexicon import (
    CATEGORIES,
    CLONE_SOUNDS,
    FOREIGN_SOUNDS,
    NATIVE_SOUNDS,
    Lexicon,
    Sounds,
    spell,
)
from isogloss.data.testbed.meanings import ABSENT, Meanings
from isogloss.data.testbed.speaker import FOREIGN_HABITS, Habits, Speaker

_PROBE: Final = 4000  # clauses that tell how frequent a word is
_STRATUM: Final = 12  # words of neighbouring frequency among which forms are permuted
_TRIES: Final = 64


@dataclass(frozen=True, eq=False)
class SyntheticLanguage:
    """One language of the bed.

    Attributes:
        stems: the stem of every lexeme.
        forms: the form of every word, shape [lexemes * N_ENDINGS]; word = lexeme * N_ENDINGS +
            ending.
        grammar: order, agreement, omission.
        habits: how often optional parts are said.
    """

    stems: tuple[str, ...]
    forms: NDArray[np.object_]
    grammar: Grammar
    habits: Habits

    def utter(self, meanings: Meanings) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Words in the order of utterance.

        Returns:
            words and whether each is said, both of shape [n, slots], columns in the grammar's
            order.
        """
        slots = np.arange(meanings.lexemes.shape[1])
        endings = self.grammar.endings[slots, meanings.features]
        said = (meanings.lexemes != ABSENT) & ~self.grammar.dropped
        words = np.where(said, meanings.lexemes * N_ENDINGS + endings, 0)
        return words[:, self.grammar.order], said[:, self.grammar.order]

    def lines(self, meanings: Meanings) -> list[str]:
        """One line of space-separated tokens for each meaning."""
        words, said = self.utter(meanings)
        tokens = iter(self.forms[words[said]].tolist())
        return [" ".join(next(tokens) for _ in range(n)) for n in said.sum(axis=1).tolist()]


Relation = Callable[[SyntheticLanguage, Lexicon, np.random.Generator, float], SyntheticLanguage]


def make_base(lexicon: Lexicon, rng: np.random.Generator) -> SyntheticLanguage:
    """The language that all others are related to."""
    stems = spell(lexicon, NATIVE_SOUNDS, rng, taken=frozenset())
    forms = _inflect(stems, NATIVE_SOUNDS)
    return SyntheticLanguage(stems, forms, concord_grammar(HEAD_INITIAL), Habits())


def twin(
    base: SyntheticLanguage, lexicon: Lexicon, rng: np.random.Generator, strength: float
) -> SyntheticLanguage:
    """The very same language; only its sentences are others. The true null of every test."""
    return base


def clone(
    base: SyntheticLanguage, lexicon: Lexicon, rng: np.random.Generator, strength: float
) -> SyntheticLanguage:
    """The same grammar with other words: no word in common with the base."""
    stems = spell(lexicon, CLONE_SOUNDS, rng, taken=frozenset(base.stems))
    return replace(base, stems=stems, forms=_inflect(stems, CLONE_SOUNDS))


def relexified(
    base: SyntheticLanguage, lexicon: Lexicon, rng: np.random.Generator, strength: float
) -> SyntheticLanguage:
    """The same grammar; a share `strength` of the words stay, spread over all frequencies."""
    fresh = spell(lexicon, NATIVE_SOUNDS, rng, taken=frozenset(base.stems))
    kept = np.empty(len(lexicon), dtype=np.bool_)
    for category in CATEGORIES:
        members = lexicon.members(category)
        kept[members] = _spread(len(members), strength)
    stems = tuple(
        old if keep else new for old, new, keep in zip(base.stems, fresh, kept, strict=True)
    )
    return replace(base, stems=stems, forms=_inflect(stems, NATIVE_SOUNDS))


def reordered(
    base: SyntheticLanguage, lexicon: Lexicon, rng: np.random.Generator, strength: float
) -> SyntheticLanguage:
    """The same words and agreement; heads come last: object, verb; noun, adposition."""
    return replace(base, grammar=concord_grammar(HEAD_FINAL))


def conflict(
    base: SyntheticLanguage, lexicon: Lexicon, rng: np.random.Generator, strength: float
) -> SyntheticLanguage:
    """The same strings with other meanings: planted interference.

    A share `strength` of the word forms is permuted among words of similar frequency, across
    categories where possible. Nothing on the surface tells the languages apart: the set of
    strings and nearly their frequencies are the base's. Only their company differs, so a shared
    model has to represent every permuted string twice and to find out from context which is meant.
    """
    frequent_first = _words_by_frequency(base, lexicon, rng)
    chosen = frequent_first[_spread(len(frequent_first), strength)]
    category = lexicon.category[chosen // N_ENDINGS]
    forms = base.forms.copy()
    for start in range(0, len(chosen), _STRATUM):
        stratum = slice(start, start + _STRATUM)
        words = chosen[stratum]
        if len(words) > 1:
            forms[words] = base.forms[words[_estrange(category[stratum], rng)]]
    return replace(base, forms=forms)


def unrelated(
    base: SyntheticLanguage, lexicon: Lexicon, rng: np.random.Generator, strength: float
) -> SyntheticLanguage:
    """Other sounds, other words, other grammar (verb first, case, no articles), other habits."""
    stems = spell(lexicon, FOREIGN_SOUNDS, rng, taken=frozenset(base.stems))
    grammar = case_grammar(VERB_FIRST)
    return SyntheticLanguage(stems, _inflect(stems, FOREIGN_SOUNDS), grammar, FOREIGN_HABITS)


RELATIONS: Final[Mapping[str, Relation]] = {
    "twin": twin,
    "clone": clone,
    "relexified": relexified,
    "reordered": reordered,
    "conflict": conflict,
    "unrelated": unrelated,
}


def _inflect(stems: tuple[str, ...], sounds: Sounds) -> NDArray[np.object_]:
    """Every stem with every ending: shape [lexemes * N_ENDINGS]."""
    endings = ["", *(sounds.endings[i % len(sounds.endings)] for i in range(N_ENDINGS - 1))]
    return np.array([stem + ending for stem in stems for ending in endings], dtype=np.object_)


def _spread(n: int, share: float) -> NDArray[np.bool_]:
    """Choose round(share * n) of n ranks, evenly spread."""
    steps = np.floor(np.arange(n + 1) * share + 0.5)
    return np.diff(steps) > 0


def _words_by_frequency(
    base: SyntheticLanguage, lexicon: Lexicon, rng: np.random.Generator
) -> NDArray[np.int64]:
    """The words that the base can say, but for the stop, most frequent first."""
    words, said = base.utter(Speaker(lexicon, base.habits).draw(_PROBE, rng))
    counts = np.bincount(words[said], minlength=len(base.forms))
    possible = [
        lexeme * N_ENDINGS + ending
        for slot, category in enumerate(SLOT_CATEGORY)
        for lexeme in lexicon.members(category).tolist()
        for ending in base.grammar.endings[slot].tolist()
        if category != "PUNCT"
    ]
    candidates = np.unique(possible)
    agreeing = lexicon.category[candidates // N_ENDINGS] == CATEGORIES.index("NOUN")
    class_of_ending = (candidates % N_ENDINGS - 1) // 2
    sayable = ~agreeing | (class_of_ending == lexicon.noun_class[candidates // N_ENDINGS])
    candidates = candidates[sayable]
    return candidates[np.lexsort((candidates, -counts[candidates]))]


def _estrange(category: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.int64]:
    """A permutation without fixed points that changes as many categories as chance finds."""
    n = len(category)
    tries = [np.roll(np.arange(n), 1)]
    tries += [order[np.roll(np.arange(n), 1)][np.argsort(order)] for order in _orders(n, rng)]
    return max(tries, key=lambda permutation: int((category[permutation] != category).sum()))


def _orders(n: int, rng: np.random.Generator) -> list[NDArray[np.int64]]:
    """Random orders; walking one in a circle is a permutation without fixed points."""
    return [rng.permutation(n) for _ in range(_TRIES)]
