"""IOB2: what a tag may be, and what becomes of one that continues nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isogloss.data.readers import is_iob2, repair_orphans


@pytest.mark.parametrize("tag", ["O", "B-PER", "I-LOC", "B-a-b", "I-ʼ"])
def test_iob2_tags(tag: str) -> None:
    assert is_iob2(tag)


@pytest.mark.parametrize("tag", ["", "o", "B", "B-", "S-PER", "E-PER", "NOUN", "I_PER", "B-a b"])
def test_other_tags(tag: str) -> None:
    assert not is_iob2(tag)


@pytest.mark.parametrize(
    ("tags", "repaired", "orphans"),
    [
        ("O B-PER I-PER O", "O B-PER I-PER O", ()),
        ("I-PER I-PER", "B-PER I-PER", (0,)),
        ("B-LOC I-COM", "B-LOC B-COM", (1,)),
        ("O I-LOC I-LOC I-PER", "O B-LOC I-LOC B-PER", (1, 3)),
        ("B-PER B-PER I-PER", "B-PER B-PER I-PER", ()),
    ],
)
def test_orphans_begin_an_entity(tags: str, repaired: str, orphans: tuple[int, ...]) -> None:
    assert repair_orphans(tags.split()) == (tuple(repaired.split()), orphans)


@given(st.lists(st.sampled_from(["O", "B-PER", "I-PER", "B-LOC", "I-LOC"])))
def test_a_repaired_sentence_needs_no_repair(tags: list[str]) -> None:
    repaired, orphans = repair_orphans(tags)
    assert repair_orphans(repaired) == (repaired, ())
    assert sum(old != new for old, new in zip(tags, repaired, strict=True)) == len(orphans)
