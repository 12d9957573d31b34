"""Words with their places, and texts whose words are replaced one by one."""

import pytest

from isogloss.data import Question
from isogloss.data.translations.words import translate_question, translate_words, words_of

WORDS = {"dog": "chien", "runs": "court vite", "it": "il", "home": ""}


def _rule(word: str) -> str:
    return WORDS.get(word.lower(), word)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The dog, it runs.", ["The", "dog", ",", "it", "runs", "."]),
        ("don't 'quote' l\u2019eau", ["don't", "'", "quote", "'", "l\u2019eau"]),
        ("\u5317\u4eac 2008\u5e74", ["\u5317", "\u4eac", "2008", "\u5e74"]),
        # Vowel signs and a joiner of no width stand inside words.
        (
            "\u0939\u093f\u0928\u094d\u0926\u0940 \u0915",
            ["\u0939\u093f\u0928\u094d\u0926\u0940", "\u0915"],
        ),
        ("\u0645\u06cc\u200c\u0631\u0648\u062f", ["\u0645\u06cc\u200c\u0631\u0648\u062f"]),
        (" \n", []),
    ],
)
def test_words_are_runs_of_letters_and_marks(text: str, words: list[str]) -> None:
    found = words_of(text)
    assert [word.text for word in found] == words
    assert all(text[word.start : word.end] == word.text for word in found)


def test_white_space_and_unknown_words_stay() -> None:
    text, places = translate_words("  The dog\tRuns!", _rule)
    assert text == "  The chien\tcourt vite!"
    assert len(places) == len("  The dog\tRuns!") + 1
    assert [places[at] for at in (0, 2, 6, 9, 10, 14, 15)] == [0, 2, 6, 11, 12, 22, 23]


def test_answers_go_with_the_words_that_they_cover() -> None:
    question = Question(
        "1", "The dog, it runs. Home!", "Who runs?", ("dog", "t run", "runs."), (4, 10, 12)
    )
    found = translate_question(question, _rule)
    assert found.context == "The chien, il court vite. !"
    assert found.question == "Who court vite?"
    assert found.answers == ("chien", "il court vite", "court vite.")
    for answer, start in zip(found.answers, found.starts, strict=True):
        assert found.context[start : start + len(answer)] == answer
