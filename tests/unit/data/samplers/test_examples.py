import pytest
from hypothesis import given
from hypothesis import strategies as st

from isogloss.core import InputError
from isogloss.data.readers.examples import HIDDEN, ClassifiedText, TaggedSentence
from isogloss.data.samplers import IGNORED, encode_classified, encode_tagged
from isogloss.data.samplers.examples import EncodedExamples
from isogloss.data.tokenizers import Tokenizer

TAGS = ["O", "B-PER", "I-PER"]


def tagged(
    tokenizer: Tokenizer, words: list[str], tags: list[str], max_length: int = 64
) -> EncodedExamples:
    return encode_tagged([TaggedSentence(tuple(words), tuple(tags))], TAGS, tokenizer, max_length)


def test_the_label_stands_on_the_first_sub_word(toy_tokenizer: Tokenizer) -> None:
    words = ["cat", "dogmatic", "ran"]
    found = tagged(toy_tokenizer, words, ["O", "B-PER", "I-PER"])
    [example] = found.examples
    pieces, first = toy_tokenizer.encode_words(words)
    assert len(pieces) > 3
    assert example.ids == (toy_tokenizer.cls_id, *pieces, toy_tokenizer.sep_id)
    assert example.word_positions == tuple(position + 1 for position in first)
    labelled = {at: label for at, label in enumerate(example.labels) if label != IGNORED}
    assert labelled == dict(zip(example.word_positions, (0, 1, 2), strict=True))
    assert (found.n_truncated, found.n_words_lost) == (0, 0)


def test_words_cut_off_are_counted(toy_tokenizer: Tokenizer) -> None:
    found = tagged(toy_tokenizer, ["cat"] * 6, ["O"] * 6, max_length=5)
    [example] = found.examples
    n_fitting = sum(position > 0 for position in example.word_positions)
    assert len(example.ids) == len(example.labels) == 5
    assert example.ids[-1] == toy_tokenizer.sep_id
    assert len(example.word_positions) == 6
    assert found.n_truncated == 1
    assert found.n_words_lost == 6 - n_fitting > 0


def test_a_word_that_the_tokenizer_drops_is_trained_on(toy_tokenizer: Tokenizer) -> None:
    found = tagged(toy_tokenizer, ["cat", "", "dog"], ["O", "B-PER", "I-PER"])
    [example] = found.examples
    at = example.word_positions[1]
    assert (example.ids[at], example.labels[at]) == (toy_tokenizer.unk_id, 1)
    assert (found.n_truncated, found.n_words_lost) == (0, 0)


@given(
    words=st.lists(st.sampled_from(["cat", "", "నమస్తే", "antidisestablishment", "12"]), max_size=9),
    max_length=st.integers(3, 30),
)
def test_each_word_has_one_label_or_is_lost(
    toy_tokenizer: Tokenizer, words: list[str], max_length: int
) -> None:
    found = tagged(toy_tokenizer, words, ["B-PER"] * len(words), max_length)
    [example] = found.examples
    assert len(example.ids) == len(example.labels) <= max_length
    assert sum(label == 1 for label in example.labels) == len(words) - found.n_words_lost
    assert example.labels[0] == example.labels[-1] == IGNORED


def test_examples_are_a_sequence(toy_tokenizer: Tokenizer) -> None:
    sentences = [TaggedSentence(("cat",), ("O",)), TaggedSentence(("dog",), ("O",))]
    found = encode_tagged(sentences, TAGS, toy_tokenizer, 16)
    assert len(found) == 2
    assert list(found) == list(found.examples)
    assert found[1] is found.examples[1]
    assert found[:1] == found.examples[:1]


def test_an_unknown_tag_is_refused_with_its_place(toy_tokenizer: Tokenizer) -> None:
    with pytest.raises(InputError, match=r"sentence 1, word 2.*Did you mean `B-PER`"):
        tagged(toy_tokenizer, ["a", "b"], ["O", "B-PERS"])


def test_tags_that_do_not_match_the_words_are_refused(toy_tokenizer: Tokenizer) -> None:
    with pytest.raises(InputError, match="2 words and 1 tags"):
        tagged(toy_tokenizer, ["a", "b"], ["O"])


def classified(
    tokenizer: Tokenizer,
    text: str,
    pair: str | None = None,
    label: str = "yes",
    max_length: int = 64,
) -> EncodedExamples:
    texts = [ClassifiedText(text, pair, label)]
    return encode_classified(texts, ["no", "yes"], tokenizer, max_length)


def test_a_text_stands_between_cls_and_sep(toy_tokenizer: Tokenizer) -> None:
    [example] = classified(toy_tokenizer, "the cat").examples
    [pieces] = toy_tokenizer.encode(["the cat"])
    assert example.ids == (toy_tokenizer.cls_id, *pieces, toy_tokenizer.sep_id)
    assert example.labels == 1


def test_a_pair_is_divided_by_sep(toy_tokenizer: Tokenizer) -> None:
    [example] = classified(toy_tokenizer, "the cat", "a dog").examples
    first, second = toy_tokenizer.encode(["the cat", "a dog"])
    cls, sep = toy_tokenizer.cls_id, toy_tokenizer.sep_id
    assert example.ids == (cls, *first, sep, *second, sep)


@given(st.integers(0, 12), st.integers(0, 12), st.integers(5, 20))
def test_the_longer_text_of_a_pair_is_cut_first(
    toy_tokenizer: Tokenizer, n_first: int, n_second: int, max_length: int
) -> None:
    texts = (" ".join(["a"] * n_first), " ".join(["b"] * n_second))
    first, second = toy_tokenizer.encode(texts)
    found = classified(toy_tokenizer, *texts, max_length=max_length)
    [example] = found.examples
    middle = example.ids.index(toy_tokenizer.sep_id) - 1
    end = len(example.ids) - middle - 3
    room = max_length - 3
    assert middle + end == min(room, len(first) + len(second))
    assert found.n_truncated == (len(first) + len(second) > room)
    if middle < len(first):
        assert end <= middle + 1
    if end < len(second):
        assert middle <= end + 1


def test_an_unknown_label_is_refused_with_its_place(toy_tokenizer: Tokenizer) -> None:
    with pytest.raises(InputError, match=r"`maybe`.*example 1"):
        classified(toy_tokenizer, "the cat", label="maybe")


@pytest.mark.parametrize(("pair", "max_length"), [(None, 2), ("a dog", 4)])
def test_a_length_without_room_is_refused(
    toy_tokenizer: Tokenizer, pair: str | None, max_length: int
) -> None:
    with pytest.raises(InputError, match="max_length"):
        classified(toy_tokenizer, "the cat", pair, max_length=max_length)
    with pytest.raises(InputError, match="max_length"):
        tagged(toy_tokenizer, ["cat"], ["O"], max_length=2)


def test_a_hidden_tag_is_neither_learned_nor_scored(toy_tokenizer: Tokenizer) -> None:
    sentence = TaggedSentence(("the", "cat"), (HIDDEN, "NOUN"))
    [row] = encode_tagged([sentence], ["DET", "NOUN"], toy_tokenizer, 32)
    assert isinstance(row.labels, tuple)
    assert [label for label in row.labels if label != IGNORED] == [1]
    assert row.labels[row.word_positions[0]] == IGNORED
