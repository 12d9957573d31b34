import numpy as np
import pytest

from isogloss.data.testbed.grammar import (
    HEAD_FINAL,
    HEAD_INITIAL,
    N_ENDINGS,
    NAME_POSITION,
    SLOT,
    SLOT_CATEGORY,
    SLOTS,
    VERB_FIRST,
    Grammar,
    case_grammar,
    concord_grammar,
)
from isogloss.data.testbed.lexicon import CATEGORIES

GRAMMARS = {
    "head initial": concord_grammar(HEAD_INITIAL),
    "head final": concord_grammar(HEAD_FINAL),
    "verb first": case_grammar(VERB_FIRST),
}


@pytest.mark.parametrize("grammar", GRAMMARS.values(), ids=GRAMMARS)
def test_every_slot_is_uttered_once(grammar: Grammar) -> None:
    assert sorted(grammar.order.tolist()) == list(range(len(SLOTS)))


@pytest.mark.parametrize("grammar", GRAMMARS.values(), ids=GRAMMARS)
def test_names_stay_together_and_in_order(grammar: Grammar) -> None:
    uttered = [SLOTS[slot] for slot in grammar.order.tolist()]
    for phrase in "sop":
        start = uttered.index(f"{phrase}_name0")
        assert uttered[start : start + 3] == [f"{phrase}_name{i}" for i in range(3)]


@pytest.mark.parametrize("grammar", GRAMMARS.values(), ids=GRAMMARS)
def test_endings_are_known_and_the_clause_ends_with_its_stop(grammar: Grammar) -> None:
    assert grammar.endings.min() >= 0
    assert grammar.endings.max() < N_ENDINGS
    assert grammar.order[-1] == SLOT["stop"]


def test_every_category_has_a_place() -> None:
    assert set(SLOT_CATEGORY) == set(CATEGORIES)


def test_name_positions() -> None:
    assert NAME_POSITION[SLOT["o_name2"]] == 2
    assert NAME_POSITION[SLOT["s_noun"]] == 0


def test_determiner_noun_and_adjective_agree() -> None:
    endings = GRAMMARS["head initial"].endings
    for slot in ("s_det", "s_adj"):
        np.testing.assert_array_equal(endings[SLOT[slot]], endings[SLOT["s_noun"]])
    assert len(set(endings[SLOT["s_noun"]].tolist())) == 4


def test_the_verb_shows_number_only() -> None:
    assert GRAMMARS["head initial"].endings[SLOT["verb"]].tolist() == [1, 2, 1, 2]


def test_heads_move_to_the_end_and_nothing_else_changes() -> None:
    initial, final = GRAMMARS["head initial"], GRAMMARS["head final"]
    np.testing.assert_array_equal(initial.endings, final.endings)
    for grammar, sign in ((initial, 1), (final, -1)):
        place = {slot: i for i, slot in enumerate(grammar.order.tolist())}
        assert sign * (place[SLOT["o_noun"]] - place[SLOT["verb"]]) > 0
        assert sign * (place[SLOT["p_noun"]] - place[SLOT["p_adp"]]) > 0
        assert place[SLOT["s_noun"]] < place[SLOT["verb"]]


def test_the_case_grammar_drops_articles_and_marks_case() -> None:
    grammar = GRAMMARS["verb first"]
    assert {SLOT_CATEGORY[slot] for slot in np.flatnonzero(grammar.dropped)} == {"DET"}
    subject, thing = grammar.endings[SLOT["s_noun"]], grammar.endings[SLOT["o_noun"]]
    assert not set(subject.tolist()) & set(thing.tolist())
