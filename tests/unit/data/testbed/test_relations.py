from collections import Counter
from typing import Final

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isogloss.data.testbed.grammar import SLOT_CATEGORY
from isogloss.data.testbed.lexicon import STOP, LexiconSize, make_lexicon
from isogloss.data.testbed.meanings import Meanings
from isogloss.data.testbed.relations import RELATIONS, SyntheticLanguage, make_base
from isogloss.data.testbed.speaker import Speaker

LEXICON = make_lexicon(LexiconSize())
BASE = make_base(LEXICON, np.random.default_rng(0))
SAID = Speaker(LEXICON, BASE.habits).draw(3000, np.random.default_rng(1))


def _related(relation: str, strength: float = 0.0, seed: int = 5) -> SyntheticLanguage:
    return RELATIONS[relation](BASE, LEXICON, np.random.default_rng(seed), strength)


def _words(language: SyntheticLanguage, said: Meanings = SAID) -> Counter[str]:
    return Counter(word for line in language.lines(said) for word in line.split())


FORMS: Final = set(_words(BASE))


@pytest.mark.parametrize("relation", RELATIONS)
def test_no_two_words_of_a_language_look_alike(relation: str) -> None:
    """Equal strings would make labels ambiguous and equal sentences possible across splits."""
    language = _related(relation, 0.5)
    words, said = language.utter(SAID)
    used = np.unique(words[said])
    assert len(set(language.forms[used].tolist())) == len(used)


@pytest.mark.parametrize("relation", RELATIONS)
def test_lines_hold_every_word_that_is_said(relation: str) -> None:
    language = _related(relation, 0.5)
    _, said = language.utter(SAID)
    lines = language.lines(SAID)
    assert [len(line.split()) for line in lines] == said.sum(axis=1).tolist()
    assert all(line.endswith(f" {STOP}") for line in lines)


def test_a_twin_says_the_same_in_the_same_words() -> None:
    assert _related("twin").lines(SAID) == BASE.lines(SAID)


@pytest.mark.parametrize("relation", ["clone", "unrelated"])
@pytest.mark.parametrize("seed", range(5))
def test_disjoint_vocabularies(relation: str, seed: int) -> None:
    assert set(_words(_related(relation, seed=seed))) & FORMS == {STOP}


def test_a_clone_maps_word_for_word() -> None:
    pairs = {
        pair
        for ours, theirs in zip(BASE.lines(SAID), _related("clone").lines(SAID), strict=True)
        for pair in zip(ours.split(), theirs.split(), strict=True)
    }
    assert len(pairs) == len({a for a, _ in pairs}) == len({b for _, b in pairs})


def test_a_reordered_language_has_the_same_words_in_another_order() -> None:
    ours, theirs = BASE.lines(SAID), _related("reordered").lines(SAID)
    assert all(Counter(a.split()) == Counter(b.split()) for a, b in zip(ours, theirs, strict=True))
    # A name, a verb and a stop have one order in both.
    assert sum(a == b for a, b in zip(ours, theirs, strict=True)) < 0.05 * len(ours)


@settings(max_examples=10, deadline=None)
@given(share=st.floats(0.1, 1.0))
def test_relexification_keeps_its_share_of_the_stems(share: float) -> None:
    other = _related("relexified", share)
    kept = np.mean([a == b for a, b in zip(BASE.stems, other.stems, strict=True)])
    assert kept == pytest.approx(share, abs=0.04)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("strength", [0.1, 0.5, 1.0])
def test_conflict_permutes_its_share_of_the_forms(strength: float, seed: int) -> None:
    other = _related("conflict", strength, seed)
    words, said = BASE.utter(SAID)
    used = np.unique(words[said])
    changed = BASE.forms[used] != other.forms[used]
    assert changed.mean() == pytest.approx(strength, abs=0.03)
    assert sorted(BASE.forms.tolist()) == sorted(other.forms.tolist())


def test_nothing_on_the_surface_betrays_a_conflicting_language() -> None:
    ours, theirs = _words(BASE), _words(_related("conflict", 1.0))
    strange = set(ours) ^ set(theirs)
    total = ours.total()
    assert sum(ours[word] + theirs[word] for word in strange) < 0.002 * total
    distance = sum(abs(ours[word] - theirs[word]) for word in ours | theirs) / (2 * total)
    assert distance < 0.15


def test_most_conflicting_forms_change_their_part_of_speech() -> None:
    other = _related("conflict", 1.0)
    tags = np.array(SLOT_CATEGORY, dtype=np.object_)[BASE.grammar.order]
    words, said = BASE.utter(SAID)
    tags = np.broadcast_to(tags, words.shape)[said]
    ours = dict(zip(BASE.forms[words[said]].tolist(), tags.tolist(), strict=True))
    theirs = zip(other.forms[words[said]].tolist(), tags.tolist(), strict=True)
    changed = np.mean([ours.get(form) != tag for form, tag in theirs if form != STOP])
    assert changed > 0.7


def test_the_unrelated_language_utters_verbs_first_and_no_articles() -> None:
    language = _related("unrelated")
    _, said = language.utter(SAID)
    assert said[:, 0].all()
    dropped = np.array([category == "DET" for category in SLOT_CATEGORY])[language.grammar.order]
    assert not said[:, dropped].any()
