"""Scripts and damaged characters."""

import unicodedata
from collections import Counter

import numpy as np
import pytest

from isogloss.core import known_languages
from isogloss.data.characters import describe, distinct, foreign_letters, is_broken, normal_form


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("naïve", "Latn"),
        ("తెలుగు", "Telu"),
        ("ひらカナ漢字ー", "Jpan"),
        ("한국 漢", "Kore"),
        ("汉字", "Hans"),
        ("العربية", "Arab"),
        ("ʼo", "Latn"),
        ("ʻ", "Latn"),
        ("ß ﬁ ª", "Latn"),
    ],
)
def test_letters_of_the_script_itself(text: str, script: str) -> None:
    share = foreign_letters(dict.fromkeys(text, 1), script)
    assert share is None or share[0] == 0


def test_letters_of_other_scripts() -> None:
    assert foreign_letters({"я": 1, "a": 3}, "Cyrl") == (0.75, "LATIN")


def test_vowel_signs_count_with_their_letters() -> None:
    # हिन्दी is three letters and three signs: half of "हिन्दी abcdef" is Latin, not two thirds.
    assert foreign_letters(Counter("हिन्दीabcdef"), "Deva") == (0.5, "LATIN")
    assert foreign_letters(Counter("หน้าที่abcdefg"), "Thai") == (0.5, "LATIN")
    assert foreign_letters(Counter("e\u0301\u0301\u0301я"), "Latn") == (0.5, "CYRILLIC")


@pytest.mark.parametrize(("text", "script"), [("12 .,", "Latn"), ("abc", "Zzzz"), ("", "Latn")])
def test_where_nothing_can_be_said(text: str, script: str) -> None:
    assert foreign_letters(dict.fromkeys(text, 1), script) is None


def test_every_script_of_our_languages_is_known() -> None:
    for language in known_languages():
        assert foreign_letters({"\u1680": 0, "Ⴀ": 1}, language.script) is not None, language


@pytest.mark.parametrize("character", ["\ufffd", "\x00", "\x07", "\x85", "\ue000", "\u0378"])
def test_damaged_characters(character: str) -> None:
    assert is_broken(character)


@pytest.mark.parametrize("character", ["a", " ", "\t", "\n", "\u200d", "\u0301", "\U0001f600"])
def test_sound_characters(character: str) -> None:
    assert not is_broken(character)


def test_descriptions() -> None:
    assert describe("\ufffd") == "U+FFFD REPLACEMENT CHARACTER"
    assert describe("\x07") == "U+0007 (no name)"


@pytest.mark.parametrize(
    "copy",
    ["Café  au lait", " café au lait", "café au lait\t", "CAFÉ AU LAIT", "café\u00a0au lait"],
)
def test_near_copies_are_one_text(copy: str) -> None:
    assert normal_form(copy) == normal_form("Café au lait")
    assert normal_form(unicodedata.normalize("NFD", copy)) == normal_form("Café au lait")


@pytest.mark.parametrize("other", ["Cafe au lait", "Café au lait.", "Caféaulait"])
def test_other_texts_are_not(other: str) -> None:
    assert normal_form(other) != normal_form("Café au lait")


@pytest.mark.parametrize("digests", [[], [5], [5, 5], [2, -1, 2, 7, -1]])
def test_distinct(digests: list[int]) -> None:
    assert distinct(digests).tolist() == sorted(set(digests))
    assert distinct(digests).dtype == np.int64
