import numpy as np
import pytest

from isogloss.data.testbed.grammar import SLOT, SLOT_CATEGORY
from isogloss.data.testbed.lexicon import CATEGORIES, ENTITY_TYPES, LexiconSize, make_lexicon
from isogloss.data.testbed.meanings import ABSENT, Meanings
from isogloss.data.testbed.speaker import FOREIGN_HABITS, SAME_KIND, Habits, Speaker

LEXICON = make_lexicon(LexiconSize())


@pytest.fixture(scope="module", params=[Habits(), FOREIGN_HABITS], ids=["native", "foreign"])
def said(request: pytest.FixtureRequest) -> Meanings:
    return Speaker(LEXICON, request.param).draw(5000, np.random.default_rng(3))


def _at(meanings: Meanings, slot: str) -> np.ndarray:
    return meanings.lexemes[:, SLOT[slot]]


def test_lexemes_fill_slots_of_their_category(said: Meanings) -> None:
    for slot, category in enumerate(SLOT_CATEGORY):
        lexemes = said.lexemes[said.lexemes[:, slot] != ABSENT, slot]
        assert set(LEXICON.category[lexemes].tolist()) == {CATEGORIES.index(category)}


def test_every_clause_has_subject_verb_and_stop(said: Meanings) -> None:
    noun, name = _at(said, "s_noun") != ABSENT, _at(said, "s_name0") != ABSENT
    assert (noun ^ name).all()
    assert (_at(said, "verb") != ABSENT).all()
    assert (_at(said, "stop") != ABSENT).all()


def test_names_have_one_to_three_tokens_without_gaps(said: Meanings) -> None:
    for phrase in "sop":
        present = np.stack([_at(said, f"{phrase}_name{i}") != ABSENT for i in range(3)])
        assert (present[0] >= present[1]).all()
        assert (present[1] >= present[2]).all()
        assert present[2].any()


def test_entity_types_follow_the_place_and_the_verb(said: Meanings) -> None:
    kind = LEXICON.kind[_at(said, "verb")]
    subject = said.entities[:, SLOT["s_name0"]]
    place = said.entities[:, SLOT["p_name0"]]
    named = subject != ABSENT
    expected = np.where(kind == 0, ENTITY_TYPES.index("PER"), ENTITY_TYPES.index("ORG"))
    np.testing.assert_array_equal(subject[named], expected[named])
    assert set(place[place != ABSENT].tolist()) == {ENTITY_TYPES.index("LOC")}


def test_entities_are_names_and_only_names(said: Meanings) -> None:
    names = np.array([category == "PROPN" for category in SLOT_CATEGORY])
    np.testing.assert_array_equal(said.entities != ABSENT, (said.lexemes != ABSENT) & names)


def test_the_verb_agrees_with_the_subject(said: Meanings) -> None:
    with_noun = _at(said, "s_noun") != ABSENT
    number = said.features[with_noun, SLOT["s_noun"]] % 2
    np.testing.assert_array_equal(said.features[with_noun, SLOT["verb"]], number)
    assert (said.features[~with_noun, SLOT["verb"]] == 0).all()


def test_the_noun_phrase_agrees_with_its_noun(said: Meanings) -> None:
    for phrase in "so":
        nouns, adjectives = _at(said, f"{phrase}_noun"), _at(said, f"{phrase}_adj")
        feature = said.features[:, SLOT[f"{phrase}_noun"]]
        there = nouns != ABSENT
        np.testing.assert_array_equal(feature[there] // 2, LEXICON.noun_class[nouns[there]])
        both = adjectives != ABSENT
        np.testing.assert_array_equal(said.features[both, SLOT[f"{phrase}_adj"]], feature[both])
        assert there[both].all()


def test_objects_are_mostly_of_the_verbs_kind(said: Meanings) -> None:
    thing = _at(said, "o_noun")
    there = thing != ABSENT
    same = LEXICON.kind[thing[there]] == LEXICON.kind[_at(said, "verb")[there]]
    assert same.mean() == pytest.approx(SAME_KIND, abs=0.03)


def test_adpositions_of_places_and_of_modifiers_differ(said: Meanings) -> None:
    genitive, local = (set(_at(said, slot).tolist()) - {ABSENT} for slot in ("m_adp", "p_adp"))
    assert genitive
    assert local
    assert not genitive & local
