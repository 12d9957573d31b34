"""Words of running text with their places, so that a text can be translated word by word."""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from isogloss.data.readers import Question

# Joiners of no width and apostrophes stand inside words.
_INSIDE: Final = frozenset("'\u2019\u200c\u200d")
# Written without spaces; a character is as near to a word as one comes without a segmenter.
_IDEOGRAPHS: Final = ("CJK UNIFIED", "HIRAGANA", "KATAKANA")


@dataclass(frozen=True, slots=True)
class Word:
    """A word, or a mark of punctuation, of a text.

    Attributes:
        text: as it stands.
        start: place of its first character.
        end: place after its last.
    """

    text: str
    start: int
    end: int


def words_of(text: str) -> list[Word]:
    """Return the words and punctuation marks of a text, without the white space between them.

    A word is a run of letters, marks and digits, with apostrophes and joiners inside it. Of Chinese
    and Japanese each character is one; Thai and other scripts without spaces come as whole runs.

    Example:
        >>> [word.text for word in words_of("It's 7, 北京!")]
        ["It's", '7', ',', '北', '京', '!']
    """
    found: list[Word] = []
    begin = 0
    while begin < len(text):
        end = begin + 1
        if _is_of_word(text[begin]) and not _is_ideograph(text[begin]):
            while end < len(text) and _continues(text, end):
                end += 1
        if not text[begin].isspace():
            found.append(Word(text[begin:end], begin, end))
        begin = end
    return found


def translate_words(text: str, translation: Callable[[str], str]) -> tuple[str, list[int]]:
    """Return a text with every word replaced, and where each place of the text went.

    Args:
        text: whose white space stays.
        translation: of one word; itself where there is none.

    Returns:
        The new text, and for each place of the old one, its end included, a place in the new one.
        Places inside a word go to its beginning; the place after its last goes after the
        translation's last.
    """
    parts: list[str] = []
    places: list[int] = []
    length = at = 0
    for word in words_of(text):
        places += range(length, length + word.start - at)
        between = text[at : word.start]
        new = translation(word.text)
        length += len(between)
        places += [length] * (word.end - word.start)
        parts += [between, new]
        length += len(new)
        at = word.end
    places += range(length, length + len(text) - at + 1)
    parts.append(text[at:])
    return "".join(parts), places


def translate_question(question: Question, translation: Callable[[str], str]) -> Question:
    """Return a question, its paragraph and its answers word by word.

    An answer covers the words that the original covers, so none is lost.
    """
    context, places = translate_words(question.context, translation)
    spans = [
        _span(question.context, places, start, start + len(answer))
        for answer, start in zip(question.answers, question.starts, strict=True)
    ]
    return Question(
        question.identifier,
        context,
        translate_words(question.question, translation)[0],
        tuple(context[start:end] for start, end in spans),
        tuple(start for start, _ in spans),
    )


def _span(text: str, places: Sequence[int], start: int, end: int) -> tuple[int, int]:
    """Return where the words that an answer touches went."""
    touched = [word for word in words_of(text) if word.start < end and word.end > start]
    if touched:
        start, end = touched[0].start, touched[-1].end
    return places[start], places[end]


def _continues(text: str, at: int) -> bool:
    """Tell whether the character at a place goes on with the word before it."""
    if text[at] in _INSIDE:
        return at + 1 < len(text) and _is_of_word(text[at + 1])
    return _is_of_word(text[at]) and not _is_ideograph(text[at])


def _is_of_word(character: str) -> bool:
    return unicodedata.category(character)[0] in "LMN"


def _is_ideograph(character: str) -> bool:
    return unicodedata.name(character, "").startswith(_IDEOGRAPHS)
