"""Examples are values: comparable and hashable."""

import dataclasses

import pytest

from isogloss.data.readers import ClassifiedText, Question, TaggedSentence


@pytest.mark.parametrize(
    "example",
    [
        TaggedSentence(("a",), ("NOUN",)),
        ClassifiedText("a", None, "sports"),
        Question("1", "a", "?", ("a",), (0,)),
    ],
)
def test_examples_are_values(example: TaggedSentence | ClassifiedText | Question) -> None:
    copy = dataclasses.replace(example)
    assert copy == example and hash(copy) == hash(example)
