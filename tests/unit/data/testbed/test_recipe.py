import pytest

from isogloss.core import InputError
from isogloss.data.testbed.lexicon import LexiconSize
from isogloss.data.testbed.recipe import (
    RELATION_STRENGTHS,
    LanguageRecipe,
    Recipe,
    SplitSizes,
    require_count,
)
from isogloss.data.testbed.relations import RELATIONS

BASE = LanguageRecipe("base")


def test_strengths_have_defaults() -> None:
    assert LanguageRecipe("conflict").strength == 1.0
    assert LanguageRecipe("relexified").strength == 0.5
    assert LanguageRecipe("twin").strength is None


def test_every_relation_can_be_asked_for() -> None:
    assert set(RELATION_STRENGTHS) == {"base", *RELATIONS}


def test_an_unknown_relation_names_the_nearest() -> None:
    with pytest.raises(InputError, match="Did you mean `conflict`"):
        LanguageRecipe("conflikt")


@pytest.mark.parametrize("strength", [0.0, -0.5, 1.2, float("nan"), float("inf")])
def test_strength_lies_above_zero_and_at_most_one(strength: float) -> None:
    with pytest.raises(InputError, match="at most 1"):
        LanguageRecipe("conflict", strength)


def test_a_relation_without_strength_refuses_one() -> None:
    with pytest.raises(InputError, match="no strength for `clone`"):
        LanguageRecipe("clone", 0.5)


@pytest.mark.parametrize("relations", [(), ("clone",), ("clone", "base"), ("base", "base")])
def test_the_base_comes_first_and_once(relations: tuple[str, ...]) -> None:
    with pytest.raises(InputError, match="`base` first and once"):
        Recipe(tuple(LanguageRecipe(relation) for relation in relations))


def test_codes_are_private_use_and_end() -> None:
    twins = (LanguageRecipe("twin"),)
    assert Recipe((BASE, *twins * 25)).codes[-1] == "qaz"
    with pytest.raises(InputError, match="two test beds"):
        Recipe((BASE, *twins * 26))


@pytest.mark.parametrize(
    "lexicon",
    [
        LexiconSize(topics=1),
        LexiconSize(topics=99),
        LexiconSize(nouns=5),
        LexiconSize(verbs=5),
        LexiconSize(adjectives=5),
        LexiconSize(adverbs=0),
        LexiconSize(names=3),
    ],
)
def test_a_lexicon_too_small_to_talk_is_refused(lexicon: LexiconSize) -> None:
    with pytest.raises(InputError, match="recipe, lexicon"):
        Recipe((BASE,), lexicon=lexicon)


def test_empty_splits_are_refused() -> None:
    with pytest.raises(InputError, match=r"sizes\.dev"):
        SplitSizes(dev=0)
    with pytest.raises(InputError, match="sentences"):
        LanguageRecipe("twin", sentences=0)


@pytest.mark.parametrize("value", [True, 1.5, "3", None, 0])
def test_counts_are_whole_and_large_enough(value: object) -> None:
    with pytest.raises(InputError, match="whole number of at least 1"):
        require_count(value, "here", at_least=1)
