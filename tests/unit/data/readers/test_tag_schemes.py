"""Entity tags: what a tag may be, and how other schemes become IOB2."""

import warnings
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isogloss.core import InputError
from isogloss.data.readers import DataWarning, Reading, SourceFile
from isogloss.data.readers.columns import NumberedSentence
from isogloss.data.readers.reading import Account
from isogloss.data.readers.tag_schemes import is_iob2, repair_orphans, to_iob2


@pytest.mark.parametrize("tag", ["O", "B-PER", "I-LOC", "B-a-b", "I-ʼ"])
def test_iob2_tags(tag: str) -> None:
    assert is_iob2(tag)


@pytest.mark.parametrize(
    "tag", ["", "o", "B", "B-", "S-PER", "E-PER", "NOUN", "I_PER", "B-a b", "B-a|B-b"]
)
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


def convert(*tags: str, reading: Reading | None = None) -> list[str]:
    """Return the tags of sentences in IOB2; sentence n stands at line 10 * n and following."""
    account = Account("x", reading or Reading())
    sentences = [
        NumberedSentence(
            tuple(10 * n + at for at in range(len(row.split()))),
            tuple(f"word{at}" for at in range(len(row.split()))),
            tuple(row.split()),
        )
        for n, row in enumerate(tags, start=1)
    ]
    found = to_iob2(SourceFile(Path("x")), sentences, account)
    account.close(len(found))
    return [" ".join(sentence.tags) for sentence in found]


@pytest.mark.parametrize(
    ("tags", "expected", "said"),
    [
        ("S-PER O B-LOC I-LOC E-LOC B-PER E-PER", "B-PER O B-LOC I-LOC I-LOC B-PER I-PER", "BIOES"),
        ("U-PER O B-LOC I-LOC L-LOC B-PER L-PER", "B-PER O B-LOC I-LOC I-LOC B-PER I-PER", "BILOU"),
        ("S-PER S-PER O B-LOC M-LOC E-LOC", "B-PER B-PER O B-LOC I-LOC I-LOC", "BIOES"),
        ("B-PER B-LOC E-LOC O B-PER", "B-PER B-LOC I-LOC O B-PER", "BIOES"),  # as in LST20
        ("I-PER I-PER B-PER O I-LOC", "B-PER I-PER B-PER O B-LOC", "IOB1"),
        ("I-LOC I-PER O", "B-LOC B-PER O", "IOB1"),
    ],
)
def test_schemes_that_are_certain_are_converted_and_named(
    tags: str, expected: str, said: str
) -> None:
    with pytest.warns(DataWarning, match=f"tags in {said} were converted to IOB2"):
        assert convert(tags) == [expected]


@pytest.mark.parametrize(
    ("tags", "line", "tag"),
    [
        (["B-PER I-PER O", "O S-LOC", "B-LOC O"], 11, "I-PER"),
        (["B-LOC O B-LOC", "S-LOC O", "B-ORG"], 10, "B-LOC"),
        (["S-LOC L-LOC", "S-LOC", "U-LOC"], 11, "L-LOC"),
        (["B-PER E-PER", "E-PER O", "I-PER E-PER"], 20, "E-PER"),
        (["B-PER I-LOC E-LOC", "B-PER E-LOC"], 11, "I-LOC"),
    ],
)
def test_mixed_schemes_are_refused(tags: list[str], line: int, tag: str) -> None:
    with pytest.raises(InputError, match=f"`{tag}` in a sentence that is not BIOES.*line {line}"):
        convert(*tags)


def test_one_slip_in_a_file_of_bioes_is_named_and_skipped_on_request() -> None:
    rows = ["S-PER O B-LOC E-LOC"] * 40
    with (
        pytest.warns(DataWarning, match="40 E-, 40 S-"),
        pytest.raises(InputError, match=r"line 410\."),
    ):
        convert(*rows, "B-PER O")
    with pytest.warns(DataWarning) as caught:
        assert len(convert(*rows, "B-PER O", reading=Reading(skip=True))) == 40
    assert any("1 of 41 examples were broken and skipped" in str(one.message) for one in caught)


def test_one_mark_of_another_scheme_in_a_file_of_iob2_is_a_slip() -> None:
    rows = ["B-PER O B-LOC I-LOC"] * 40
    with pytest.raises(InputError, match=r"`S-PER` on token `word0`.*line 410\."):
        convert(*rows, "S-PER O")
    with pytest.warns(DataWarning, match="1 of 41 examples were broken"):
        assert len(convert(*rows, "S-PER O", reading=Reading(skip=True))) == 40


@pytest.mark.parametrize(
    ("scheme", "tags", "expected"),
    [
        ("iob1", "B-PER I-PER", "B-PER I-PER"),
        ("bioes", "S-PER O", "B-PER O"),
        ("bilou", "B-PER L-PER U-LOC", "B-PER I-PER B-LOC"),
    ],
)
def test_a_scheme_that_is_said_is_believed(scheme: str, tags: str, expected: str) -> None:
    reading = Reading(scheme=scheme)
    if scheme == "iob1":
        assert convert(tags, reading=reading) == [expected]
        with pytest.raises(InputError, match="`S-PER` on token"):
            convert("S-PER O B-PER", reading=reading)
        return
    with pytest.warns(DataWarning, match=f"tags in {scheme.upper()} were converted"):
        assert convert(tags, reading=reading) == [expected]


@pytest.mark.parametrize(
    ("tags", "step"),
    [
        ("B I O", "`labels: {B: B-ENTITY, I: I-ENTITY}`"),
        ("b-per i-per o", "`labels: {b-per: B-PER, i-per: I-PER, o: O}`"),
        ("PER-B PER-I O", "`labels: {PER-B: B-PER, PER-I: I-PER}`"),
        ("PER PER LOC O", "`labels: {LOC: I-LOC, PER: I-PER}`"),
        ("1 2 0", "`labels: [O, B-PER, I-PER, ...]`"),
        ("NOUN VERB", "give the file as kind `pos`"),
        ("B-PER|B-LOC I-PER|O O", "Nested entities are not read"),
        ("1a 2b O", "in another column"),
    ],
)
def test_tags_that_are_no_entity_tags_are_refused_with_the_way_out(tags: str, step: str) -> None:
    with pytest.raises(InputError, match=r"line 10\.") as caught:
        convert(tags)
    assert step in str(caught.value)


@pytest.mark.parametrize(
    ("tag", "found", "step"),
    [
        ("IO", "`IO` on token `word1`", "Did you mean `O`?"),
        ("MusikaI-ORG", "a word and its tag without a divider", "before `I-ORG`"),
        ("maO", "a word and its tag without a divider", "before `O`"),
        ("'", "a word in the place of the tag", "Give the word its tag"),
        ("B-PER|B-X", "`B-PER|B-X`", "Keep one tag for each word"),
        ("B-", "`B-`", "Give the word its tag"),
    ],
)
def test_a_slip_is_named_with_its_cause(tag: str, found: str, step: str) -> None:
    rows = ["B-PER O B-LOC I-LOC"] * 9
    with pytest.raises(InputError) as caught:
        convert(*rows, f"O {tag} O")
    message = str(caught.value)
    assert found in message
    assert step in message
    assert "line 101." in message
    assert "`repair: skip`" in message


@given(
    st.lists(
        st.lists(
            st.sampled_from(["O", *(f"{mark}-{kind}" for mark in "BIESLUM" for kind in "XY")])
        ),
        min_size=1,
        max_size=5,
    )
)
def test_any_tags_become_iob2_or_are_refused_with_a_line(rows: list[list[str]]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DataWarning)
        try:
            found = convert(*(" ".join(row) for row in rows))
        except InputError as error:
            assert "line" in error.where
            return
    for row, tags in zip(rows, found, strict=True):
        assert all(map(is_iob2, tags.split()))
        assert repair_orphans(tags.split())[1] == ()
        assert [tag[2:] for tag in row] == [tag[2:] for tag in tags.split()]
