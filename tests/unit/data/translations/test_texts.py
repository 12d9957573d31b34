"""Translators of plain text: labels, answers that are found or not, what is kept on disk."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from isogloss.core import InputError
from isogloss.data import HIDDEN, ClassifiedText, Question, TaggedSentence
from isogloss.data.translations.contract import Provenance
from isogloss.data.translations.joining import NO_ANSWER
from isogloss.data.translations.texts import (
    TOO_LONG,
    KeptTexts,
    find_answer,
    kept_at,
    translate_by_text,
)
from unit.data.translations.conftest import wanted

MADE = Provenance("machine", "machine", "toy")


def _upper(texts: Sequence[str]) -> list[str | None]:
    return [None if len(text) > 30 else text.upper() for text in texts]


def test_classes_are_copied_and_texts_translated_once() -> None:
    asked: list[str] = []

    def note(texts: Sequence[str]) -> list[str | None]:
        asked.extend(texts)
        return _upper(texts)

    examples = [ClassifiedText("a", "b", "x", "#1"), ClassifiedText("a", None, "y", "#2")]
    found = translate_by_text(examples, wanted(), MADE, note)
    assert [one.translation for one in found] == [
        ClassifiedText("A", "B", "x"),
        ClassifiedText("A", None, "y"),
    ]
    assert (asked, found.labels) == (["a", "b"], "copied")


def test_tags_are_hidden() -> None:
    found = translate_by_text([TaggedSentence(("a", "b"), ("X", "Y"), "1")], wanted(), MADE, _upper)
    assert found[0].translation.tokens == ("A", "B")
    assert (set(found[0].translation.tags), found.labels) == ({HIDDEN}, "hidden")


def test_an_over_long_text_and_an_empty_translation_are_counted() -> None:
    examples = [ClassifiedText("a" * 31, None, "x", "#1"), ClassifiedText("b", None, "x", "#2")]
    found = translate_by_text(examples, wanted(), MADE, _upper)
    assert (len(found), found.skipped) == (1, {TOO_LONG: 1})
    found = translate_by_text(examples, wanted(), MADE, lambda texts: ["", " "])
    assert found.skipped == {"its translation is empty": 2}


def test_an_answer_is_looked_for_in_the_translated_paragraph() -> None:
    question = Question("1", "the cat sat", "who sat", ("cat",), (4,))
    found = translate_by_text([question], wanted("qa"), MADE, _upper)
    assert (found[0].translation.answers, found[0].translation.starts) == (("CAT",), (4,))
    assert found.labels == "located"


def test_a_training_question_without_its_answer_is_skipped_and_a_test_question_kept() -> None:
    def free(texts: Sequence[str]) -> list[str]:
        return ["dog" if text == "cat" else text.upper() for text in texts]

    question = Question("1", "the cat sat", "who sat", ("cat",), (4,))
    assert translate_by_text([question], wanted("qa"), MADE, free).skipped == {NO_ANSWER: 1}
    [kept] = translate_by_text([question], wanted("qa", "test"), MADE, free)
    assert kept.translation.answers == ()


@pytest.mark.parametrize(
    ("answer", "place"),
    [("cat", (4, 7)), ("the cat.", (0, 7)), ("CAT", (4, 7)), ("dog", None), (" ", None)],
)
def test_where_an_answer_stands(answer: str, place: tuple[int, int] | None) -> None:
    assert find_answer("the cat sat", answer) == place


def test_what_was_translated_is_kept(tmp_path: Path) -> None:
    path = kept_at(tmp_path, "toy", wanted())
    assert path is not None
    assert KeptTexts(_upper, path, batch=1)(["a", "b"]) == ["A", "B"]

    def no_more(texts: Sequence[str]) -> list[str | None]:
        assert texts == ["c"]
        return ["C"]

    assert KeptTexts(no_more, path)(["b", "c", "a"]) == ["B", "C", "A"]
    assert kept_at(None, "toy", wanted()) is None


@pytest.mark.parametrize("wrong", [["A"], ["A", 7], ["A", "B", "C"]])
def test_another_number_of_translations_is_refused(wrong: list[str]) -> None:
    with pytest.raises(InputError, match="Expected 2 texts"):
        KeptTexts(lambda texts: wrong, None)(["a", "b"])


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text('{"text": "a"}\n', "utf-8")
    with pytest.raises(InputError, match=r"x\.jsonl"):
        KeptTexts(_upper, path)(["a"])
