"""One name for one label, in training as in tests; else no score is made."""

from collections import Counter

import pytest

from isogloss.core import InputError, Language
from isogloss.study.store.label_sets import LabelSets, compare_label_sets

EN, SW = Language.parse("en"), Language.parse("sw")


def tags(**kinds: int) -> Counter[str]:
    counts = Counter({f"B-{kind}": n for kind, n in kinds.items()})
    return counts + Counter({f"I-{kind}": 3 * n for kind, n in kinds.items()}) + Counter(O=500)


def compare(
    trained: dict[Language, Counter[str]], scored: dict[Language, Counter[str]]
) -> list[str]:
    return compare_label_sets(LabelSets("ner", trained, scored, "data"), [(EN, SW)])


def test_one_set_of_labels_says_nothing() -> None:
    both = {EN: tags(PER=5, LOC=4), SW: tags(LOC=1)}
    assert compare({EN: tags(PER=5, LOC=4)}, both) == []
    assert compare({}, both) == compare(both, {}) == []


@pytest.mark.parametrize(
    ("known", "asked", "pair"),
    [
        ({"PER": 5, "LOC": 5}, {"PERSON": 1, "LOC": 9}, "PERSON: PER"),
        ({"PERSON": 5, "LOC": 5}, {"PER": 1, "LOC": 9}, "PER: PERSON"),
        ({"PER": 5, "ORG": 5}, {"per": 1, "org": 1}, "per: PER, org: ORG"),
        ({"PER": 5, "ORG": 5}, {"Q": 6, "ORG": 5}, "Q: PER"),
    ],
)
def test_one_label_under_two_names_is_refused_with_the_way_out(
    known: dict[str, int], asked: dict[str, int], pair: str
) -> None:
    with pytest.raises(InputError) as caught:
        compare({EN: tags(**known)}, {EN: tags(**known), SW: tags(**asked)})
    assert f"`labels: {{{pair}}}`" in str(caught.value)
    assert "swa-Latn test" in str(caught.value)


def test_a_few_labels_that_the_source_lacks_are_named() -> None:
    scored = {SW: tags(PER=8, DATE=2)}
    assert compare({EN: tags(PER=9), SW: tags(PER=9, DATE=1)}, scored) == [
        "ner: 20% of the test labels of swa-Latn are not in the training data of eng-Latn "
        "(`DATE`): no model that learns from eng-Latn can find them"
    ]
    assert compare({EN: tags(PER=9)}, {SW: tags(PER=95, DATE=5)}) == []


def test_a_name_that_both_have_is_not_another_one() -> None:
    # GPE and GPE-part are two types where the target has both.
    assert compare({EN: tags(LOC=9)}, {SW: tags(LOC=95, LOCATIVE=5)}) == []


def test_languages_of_different_mixtures_are_not_compared() -> None:
    sets = LabelSets("ner", {EN: tags(PER=1)}, {SW: tags(PERSON=1)}, "data")
    assert compare_label_sets(sets, [(EN,), (SW,)]) == []


def test_parts_of_speech_are_compared_as_they_are() -> None:
    sets = LabelSets("pos", {EN: Counter(NN=5)}, {SW: Counter(NOUN=5, VERB=1)}, "data", "dev")
    with pytest.raises(InputError, match=r"Found `NOUN`, `VERB`, 100% of the labels of swa-Latn d"):
        compare_label_sets(sets, [(EN, SW)])
