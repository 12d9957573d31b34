"""Answers to questions: overlap of words (F1) and equality (EM) after normalisation.

Two published normalisations. SQuAD's, of every language in XQuAD and TyDiQA: lower case, no ASCII
punctuation, no English articles, words at white space; an answer in Chinese is then one word.
MLQA's, of its seven languages: no punctuation of any script, each language's own articles, and for
Chinese each character a word.

Reference:
    Rajpurkar et al. 2016, SQuAD, https://arxiv.org/abs/1606.05250 (evaluate-v1.1.py)
    Lewis et al. 2020, MLQA, https://arxiv.org/abs/1910.07475 (mlqa_evaluation_v1.py)
"""

import re
import string
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from isogloss.core import InputError, Language

Normalise = Callable[[str], str]

MLQA_SET: Final = "mlqa"
_ENGLISH: Final = re.compile(r"\b(a|an|the)\b")
_ARTICLES: Final[Mapping[str, re.Pattern[str] | None]] = {
    "en": _ENGLISH,
    "es": re.compile(r"\b(un|una|unos|unas|el|la|los|las)\b"),
    "hi": None,
    "vi": re.compile(r"\b(của|là|cái|chiếc|những)\b"),
    "de": re.compile(r"\b(ein|eine|einen|einem|eines|einer|der|die|das|den|dem|des)\b"),
    # As published: the first half can match nothing, so every alif-lam goes, inside words too.
    "ar": re.compile(r"\sال^|ال"),
    "zh": None,
}
_ASCII_PUNCTUATION: Final = str.maketrans("", "", string.punctuation)


def normalise_squad(text: str) -> str:
    """Return an answer as SQuAD's metric compares it, whatever its language.

    Example:
        >>> normalise_squad("The  Eiffel-Tower, a tower")
        'eiffeltower tower'
    """
    return " ".join(_ENGLISH.sub(" ", text.lower().translate(_ASCII_PUNCTUATION)).split())


def normalise_mlqa(text: str, language: Language) -> str:
    """Return an answer as MLQA's metric compares it.

    Raises:
        InputError: the language is not one of MLQA's seven.

    Example:
        >>> normalise_mlqa("La Torre Eiffel", Language.parse("es"))
        'torre eiffel'
    """
    code = language.iso639_1 or ""
    if code not in _ARTICLES:
        raise InputError(
            expected=f"a language of MLQA: {', '.join(_ARTICLES)}",
            found=str(language),
            where=f"MLQA's metric, which sets named `{MLQA_SET}` are scored by",
            next_step="Name the set otherwise: all others are scored by SQuAD's metric.",
        )
    kept = "".join(one for one in text.lower() if not _is_punctuation(one))
    articles = _ARTICLES[code]
    kept = kept if articles is None else articles.sub(" ", kept)
    if code == "zh":
        # Punctuation would stand alone, too; none is left.
        kept = "".join(f" {one} " if "\u4e00" <= one <= "\u9fa5" else one for one in kept)
    return " ".join(kept.split())


def answer_normaliser(kind: str, language: Language) -> Normalise:
    """Return the normalisation that a set of questions is published with.

    Args:
        kind: of the data, such as `qa` or `qa.mlqa`.
        language: of the answers.

    Raises:
        InputError: a language that MLQA's metric is not defined for, in a set of MLQA.
    """
    if kind.partition(".")[2] != MLQA_SET:
        return normalise_squad
    normalise_mlqa("", language)
    return lambda text: normalise_mlqa(text, language)


def answer_scores(
    predicted: str, answers: Sequence[str], normalise: Normalise
) -> tuple[float, float]:
    """Return (F1, EM) of an answer, each the best over the gold answers.

    Args:
        predicted: what the model answers.
        answers: gold answers, at least one.
        normalise: see `answer_normaliser`.

    Example:
        >>> answer_scores("the tower", ["tower of Paris", "Paris"], normalise_squad)
        (0.5, 0.0)
    """
    found = normalise(predicted)
    gold = [normalise(answer) for answer in answers]
    return max(_f1(found.split(), one.split()) for one in gold), float(found in gold)


def _f1(predicted: list[str], gold: list[str]) -> float:
    """Return the F1 of two bags of words; 0 where they share none, even where both are empty."""
    shared = sum((Counter(predicted) & Counter(gold)).values())
    return 2 * shared / (len(predicted) + len(gold)) if shared else 0.0


def _is_punctuation(character: str) -> bool:
    return character in string.punctuation or unicodedata.category(character).startswith("P")
