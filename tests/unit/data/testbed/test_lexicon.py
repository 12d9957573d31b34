import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isogloss.data.testbed.lexicon import (
    CATEGORIES,
    CLONE_SOUNDS,
    FOREIGN_SOUNDS,
    NATIVE_SOUNDS,
    STOP,
    LexiconSize,
    Sounds,
    make_lexicon,
    spell,
)

SOUNDS = (NATIVE_SOUNDS, CLONE_SOUNDS, FOREIGN_SOUNDS)


def test_every_category_has_its_number_of_lexemes() -> None:
    size = LexiconSize()
    lexicon = make_lexicon(size)
    assert len(lexicon.members("NOUN")) == size.nouns
    assert len(lexicon.members("VERB")) == size.verbs
    assert len(lexicon.members("PROPN")) == size.names
    assert len(lexicon.members("PUNCT")) == 1
    assert sum(len(lexicon.members(category)) for category in CATEGORIES) == len(lexicon)


@pytest.mark.parametrize("category", ["NOUN", "VERB"])
def test_topics_have_words_of_both_kinds(category: str) -> None:
    lexicon = make_lexicon(LexiconSize())
    members = lexicon.members(category)
    pairs = set(zip(lexicon.topic[members].tolist(), lexicon.kind[members].tolist(), strict=True))
    assert pairs == {(topic, kind) for topic in range(lexicon.n_topics) for kind in (0, 1)}


def test_noun_classes_are_balanced_within_each_topic() -> None:
    lexicon = make_lexicon(LexiconSize())
    nouns = lexicon.members("NOUN")
    for topic in range(lexicon.n_topics):
        share = lexicon.noun_class[nouns[lexicon.topic[nouns] == topic]].mean()
        assert 0.3 <= share <= 0.7


def test_weights_fall_with_rank() -> None:
    lexicon = make_lexicon(LexiconSize())
    for category in CATEGORIES:
        assert (np.diff(lexicon.weight[lexicon.members(category)]) <= 0).all()


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**32), sounds=st.sampled_from(SOUNDS))
def test_stems_are_distinct_and_pronounceable(seed: int, sounds: Sounds) -> None:
    stems = spell(
        make_lexicon(LexiconSize()), sounds, np.random.default_rng(seed), taken=frozenset()
    )
    assert len(set(stems)) == len(stems)
    for stem in set(stems) - {STOP}:
        assert set(stem[::2]) <= set(sounds.consonants)
        assert set(stem[1::2]) <= set(sounds.vowels)
        assert len(stem) % 2 == 0


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_taken_stems_are_avoided(seed: int) -> None:
    lexicon = make_lexicon(LexiconSize())
    rng = np.random.default_rng(seed)
    first = spell(lexicon, NATIVE_SOUNDS, rng, taken=frozenset())
    second = spell(lexicon, NATIVE_SOUNDS, rng, taken=frozenset(first))
    assert set(first) & set(second) == {STOP}


def test_a_crowded_length_grows() -> None:
    lexicon = make_lexicon(LexiconSize(nouns=400))
    sounds = Sounds(consonants="bd", vowels="ai", endings="nslr")
    stems = spell(lexicon, sounds, np.random.default_rng(0), taken=frozenset())
    assert len(set(stems)) == len(lexicon)


def test_the_unrelated_language_shares_no_consonant() -> None:
    native = set(NATIVE_SOUNDS.consonants + NATIVE_SOUNDS.endings)
    assert not native & set(FOREIGN_SOUNDS.consonants + FOREIGN_SOUNDS.endings)


@pytest.mark.parametrize("sounds", SOUNDS)
def test_an_ending_is_never_a_vowel(sounds: Sounds) -> None:
    """Otherwise a stem with an ending could read like another stem."""
    assert not set(sounds.endings) & set("aeiouy")
