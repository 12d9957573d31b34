"""Joining by identifier: order, gaps, strangers."""

import pytest

from isogloss.core import InputError
from isogloss.data import HIDDEN, ClassifiedText, Question, TaggedSentence
from isogloss.data.translations.contract import Provenance
from isogloss.data.translations.joining import (
    Gathering,
    join_by_identifier,
    last_place,
    refuse_unequal,
    without_tags,
)
from unit.data.translations.conftest import wanted


def _text(identifier: str, label: str = "a") -> ClassifiedText:
    return ClassifiedText(f"text {identifier}", None, label, identifier)


def test_pairs_stand_in_the_order_of_the_examples() -> None:
    examples = [_text("2"), _text("1"), _text("3")]
    others = [_text("1"), _text("2"), _text("4")]
    pairs, skipped = join_by_identifier(examples, others, wanted(), "here")
    assert [(one.identifier, one.translation.text) for one in pairs] == [
        ("2", "text 2"),
        ("1", "text 1"),
    ]
    assert sum(skipped.values()) == 1


@pytest.mark.parametrize(
    ("others", "said"),
    [
        ([_text("7")], "none: `1` first in eng-Latn, `7` first in fra-Latn"),
        ([], "no example in fra-Latn"),
        ([_text("1"), _text("1")], "`1` 2 times"),
        ([_text("1", "b")], "1 of 1 pairs of other classes"),
    ],
)
def test_what_does_not_join_is_refused(others: list[ClassifiedText], said: str) -> None:
    with pytest.raises(InputError, match=said):
        join_by_identifier([_text("1")], others, wanted(), "here")


def test_files_of_unequal_length_are_refused() -> None:
    refuse_unequal(2, 2, wanted(), "here")
    with pytest.raises(InputError, match=r"Expected 3 examples in fra-Latn.*Found 2"):
        refuse_unequal(3, 2, wanted(), "here")


def test_places_count_what_was_left_out() -> None:
    assert last_place([_text("#1"), _text("#4")]) == 4
    assert last_place([_text("#1"), _text("w01")]) is None
    assert last_place([]) is None


def test_tags_are_hidden_and_other_examples_left() -> None:
    hidden = without_tags(TaggedSentence(("a", "b"), ("X", "Y"), "1"))
    assert (hidden.tags, hidden.tokens, hidden.identifier) == ((HIDDEN, HIDDEN), ("a", "b"), "1")
    question = Question("1", "c", "q", ("c",), (0,))
    assert without_tags(question) is question


def test_what_is_left_out_is_counted_by_its_reason() -> None:
    def translation(one: ClassifiedText) -> ClassifiedText | str:
        return "too long" if one.identifier == "2" else one

    gathering = Gathering(wanted(), Provenance("x", "machine", ""), "copied")
    found = gathering.gather([_text("1"), _text("2"), _text("3")], translation)
    assert [one.identifier for one in found] == ["1", "3"]
    assert found.skipped == {"too long": 1}
