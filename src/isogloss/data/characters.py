"""What the characters of a text say: its scripts, and characters that no text should have."""

import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

# ISO 15924 code -> how Unicode begins the names of its letters.
_LETTERS: Final[Mapping[str, frozenset[str]]] = {
    code: frozenset(names.split())
    for code, names in {
        "Arab": "ARABIC",
        "Armn": "ARMENIAN",
        "Beng": "BENGALI",
        "Cans": "CANADIAN",
        "Cher": "CHEROKEE",
        "Copt": "COPTIC GREEK",
        "Cyrl": "CYRILLIC",
        "Deva": "DEVANAGARI",
        "Ethi": "ETHIOPIC",
        "Geor": "GEORGIAN",
        "Goth": "GOTHIC",
        "Grek": "GREEK",
        "Gujr": "GUJARATI",
        "Guru": "GURMUKHI",
        "Hans": "CJK",
        "Hant": "CJK",
        "Hebr": "HEBREW",
        "Jpan": "CJK HIRAGANA KATAKANA KATAKANA-HIRAGANA HALFWIDTH",
        "Khmr": "KHMER",
        "Knda": "KANNADA",
        "Kore": "HANGUL CJK HALFWIDTH",
        "Laoo": "LAO",
        "Latn": "LATIN FULLWIDTH FEMININE MASCULINE",
        "Mlym": "MALAYALAM",
        "Mong": "MONGOLIAN",
        "Mtei": "MEETEI",
        "Mymr": "MYANMAR",
        "Nkoo": "NKO",
        "Olck": "OL",
        "Orya": "ORIYA",
        "Sinh": "SINHALA",
        "Syrc": "SYRIAC",
        "Taml": "TAMIL",
        "Telu": "TELUGU",
        "Tfng": "TIFINAGH",
        "Thaa": "THAANA",
        "Thai": "THAI",
        "Tibt": "TIBETAN",
    }.items()
}
_SCRIPT_NAMES: Final = frozenset(name for names in _LETTERS.values() for name in names)


def foreign_letters(counts: Mapping[str, int], script: str) -> tuple[float, str] | None:
    """Return the share of letters outside `script`, and the script that has most of them.

    Args:
        counts: how often each character occurs.
        script: ISO 15924 code.

    Returns:
        (share in [0, 1], Unicode's name of the commonest other script, empty if there is none);
        None where there are no letters or we don't know which letters the script has.

    Example:
        >>> foreign_letters({"a": 1, "я": 3, ".": 9}, "Latn")
        (0.75, 'CYRILLIC')
    """
    own = _LETTERS.get(script)
    if own is None:
        return None
    n_letters, foreign = 0, dict[str, int]()
    for character, count in counts.items():
        name = _letter_script(character)
        if name:
            n_letters += count
            if name not in own:
                foreign[name] = foreign.get(name, 0) + count
    if not n_letters:
        return None
    most = max(foreign, key=foreign.__getitem__, default="")
    return sum(foreign.values()) / n_letters, most


def letter_share(counts: Mapping[str, int]) -> float:
    """Return the share of letters and of marks on letters among characters that are no blanks.

    Args:
        counts: how often each character occurs.

    Returns:
        In [0, 1]; 1 where there are none.

    Example:
        >>> letter_share({"a": 1, "1": 2, ".": 1, " ": 9})
        0.25
    """
    visible = {c: n for c, n in counts.items() if not c.isspace()}
    letters = sum(n for c, n in visible.items() if c.isalpha() or unicodedata.category(c)[0] == "M")
    return letters / sum(visible.values()) if visible else 1.0


def is_broken(character: str) -> bool:
    r"""Tell whether a character is a sign of damage.

    The replacement character stands for bytes that were lost; controls other than tab and newline,
    unassigned and private-use characters mean nothing in a text.

    Example:
        >>> [is_broken(character) for character in "a\t\ufffd\x07"]
        [False, False, True, True]
    """
    if character in "\t\n\ufffd":
        return character == "\ufffd"
    return unicodedata.category(character) in {"Cc", "Cn", "Co", "Cs"}


def describe(character: str) -> str:
    """Return `U+FFFD REPLACEMENT CHARACTER`."""
    return f"U+{ord(character):04X} {unicodedata.name(character, '(no name)')}"


@cache
def _letter_script(character: str) -> str:
    """Return the first word of a letter's Unicode name; empty for what is not a letter.

    A vowel sign of an Indic script is a letter of its word, as a vowel of Latin script is.
    """
    name = unicodedata.name(character, "").split(" ")[0]
    if unicodedata.category(character) in {"Mn", "Mc"}:
        # An accent (COMBINING ACUTE) serves many scripts.
        return name if name in _SCRIPT_NAMES else ""
    # So do modifier letters (ʼ, ː): they say nothing about which one this is.
    if not character.isalpha() or unicodedata.category(character) == "Lm":
        return ""
    return name


def normal_form(text: str) -> str:
    r"""Return the text that all near copies of a text share.

    NFC, so that a letter with its mark is one character however it was typed; one blank for every
    run of white space, none at the ends; case folded.

    Example:
        >>> normal_form(" Two  words\t") == normal_form("two words")
        True
        >>> normal_form("cafe\u0301") == normal_form("café")
        True
    """
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    return " ".join(text.split()).casefold()


def distinct(digests: ArrayLike) -> NDArray[np.int64]:
    """Return each digest once, in order; shape [different digests].

    Example:
        >>> distinct([3, 1, 3]).tolist()
        [1, 3]
    """
    # np.unique hashes from NumPy 2.3 on: 1.6 s for a million digests, where sorting takes 0.05 s.
    ordered = np.sort(np.asarray(digests, dtype=np.int64))
    first = np.ones(len(ordered), dtype=bool)
    first[1:] = ordered[1:] != ordered[:-1]
    return ordered[first]
