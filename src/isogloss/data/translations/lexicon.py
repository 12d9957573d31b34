"""A bilingual dictionary: read from a file, or induced from parallel text, with scores.

Reference:
    Brown et al. 1993, The Mathematics of Statistical Machine Translation,
    https://aclanthology.org/J93-2003 (model 1, section 4.1, equations 14 to 17)
    Smadja et al. 1996, Translating Collocations for Bilingual Lexicons,
    https://aclanthology.org/J96-1001 (Dice's coefficient)
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from isogloss.core import InputError, write_atomically
from isogloss.data.readers import SourceFile
from isogloss.data.translations.words import words_of

Scored = tuple[str, float]
Method = Literal["ibm1", "dice"]
_NO_WORD: Final = ""
_MOST_TRANSLATIONS: Final = 10


@dataclass(frozen=True)
class Lexicon:
    """Words of one language with their translations into another.

    Attributes:
        entries: word in lower case -> (translation, score), the best first.
        name: where it comes from.
    """

    entries: Mapping[str, tuple[Scored, ...]]
    name: str

    def __len__(self) -> int:
        return len(self.entries)

    def best(self, word: str) -> str:
        """Return the best translation of a word, with its capital; the word itself without one.

        Example:
            >>> Lexicon({"dog": (("chien", 0.9), ("chienne", 0.1))}, "mine").best("Dog")
            'Chien'
        """
        found = self.entries.get(word.lower())
        return _cased(found[0][0], word) if found else word

    def all(self, word: str) -> tuple[str, ...]:
        """Return the translations of a word, best first; none where it is not listed."""
        return tuple(_cased(one, word) for one, _ in self.entries.get(word.lower(), ()))

    def reversed(self) -> "Lexicon":
        """Return the dictionary from the other language; scores stay those of the entry."""
        found: defaultdict[str, list[Scored]] = defaultdict(list)
        for word, translations in self.entries.items():
            for translation, score in translations:
                found[translation.lower()].append((word, score))
        return Lexicon(_ordered(found), self.name)

    def save(self, path: Path) -> None:
        """Write `word TAB translation TAB score` lines, a file that `read_lexicon` reads."""
        lines = [
            f"{word}\t{translation}\t{score:.6g}"
            for word, translations in self.entries.items()
            for translation, score in translations
        ]
        write_atomically(path, "\n".join([*lines, ""]))


def read_lexicon(path: Path, name: str = "") -> Lexicon:
    """Read a dictionary of one entry per line: word, translation and maybe a score.

    Args:
        path: fields divided by tabs, or by spaces where no line has a tab (the layout of MUSE).
            Without scores the translations of a word are equally likely.
        name: what the dictionary is called; its file's name where none is given.

    Raises:
        InputError: a line that is no entry, a score that is no number above 0, or no line.
    """
    file = SourceFile(path)
    found: defaultdict[str, list[Scored]] = defaultdict(list)
    for number, line in file.lines():
        if not line.strip():
            continue
        fields = [one.strip() for one in (line.split("\t") if "\t" in line else line.split())]
        if len(fields) not in (2, 3) or not all(fields):
            raise file.error(
                number,
                expected="a word, its translation and maybe a score, divided by tabs or spaces",
                found=repr(line[:60]),
                next_step="Mend the line; entries of several words need tabs.",
            )
        score = _score(file, number, fields[2]) if len(fields) == 3 else 1.0
        found[fields[0].lower()].append((fields[1], score))
    if not found:
        raise file.empty("entry")
    return Lexicon(_ordered(found), name or path.name)


def induce_lexicon(
    pairs: Iterable[tuple[str, str]],
    *,
    method: Method = "ibm1",
    iterations: int = 5,
    least_score: float = 0.05,
    name: str = "",
) -> Lexicon:
    """Return a dictionary that is induced from parallel text; words are compared in lower case.

    `ibm1`: t(f|e), the probability that a word f of the translation stands for a word e of the
    source, by EM from the uniform one. Each f of a sentence is shared among the words e of its
    source sentence, a word that stands for nothing included,

        c(f, e) = sum over sentences and places of f of  t(f|e) / sum over e' of t(f|e')
        t(f|e)  = c(f, e) / sum over f' of c(f', e)

    `dice`: 2 n(e, f) / (n(e) + n(f)), with n the number of sentence pairs that hold the words.

    Args:
        pairs: sentences and their translations.
        method: how words are paired.
        iterations: of EM, >= 1; `dice` has none.
        least_score: translations of a lower score are left out; a word without one is not listed.
        name: what the dictionary is called.

    Raises:
        InputError: no pair has a word on both sides, or no score reaches the least one.
    """
    sides = [tuple(_lowered(side) for side in pair) for pair in pairs]
    corpus = [(first, second) for first, second in sides if first and second]
    if not corpus:
        raise _nothing(name, "no pair of sentences with words")
    cells = _Cells.of(corpus)
    scores = cells.ibm1(iterations) if method == "ibm1" else cells.dice(corpus)
    found: defaultdict[str, list[Scored]] = defaultdict(list)
    for pair in np.flatnonzero(scores >= least_score).tolist():
        first, second = cells.words[cells.first[pair]], cells.others[cells.second[pair]]
        if first != _NO_WORD and first[0].isalnum() and second[0].isalnum():
            found[first].append((second, float(scores[pair])))
    if not found:
        raise _nothing(name, f"no translation with a score of {least_score:g} or more")
    return Lexicon(_ordered(found), name)


@dataclass
class _Cells:
    """Every word of a sentence beside every word of its translation.

    Attributes:
        words: distinct words of the source, the empty one that stands for nothing included.
        others: distinct words of the target.
        first: of each distinct pair of words, the index of the source's.
        second: the same of the target's.
        pair: of each cell, the index of its pair of words.
        place: of each cell, the number of the target word's occurrence.
    """

    words: list[str]
    others: list[str]
    first: NDArray[np.int64]
    second: NDArray[np.int64]
    pair: NDArray[np.int64]
    place: NDArray[np.int64]

    @classmethod
    def of(cls, corpus: Sequence[tuple[list[str], list[str]]]) -> "_Cells":
        words = {_NO_WORD: 0}
        others: dict[str, int] = {}
        firsts: list[NDArray[np.int64]] = []
        seconds: list[NDArray[np.int64]] = []
        places: list[NDArray[np.int64]] = []
        n_places = 0
        for sentence, translation in corpus:
            own = np.array([0, *(words.setdefault(one, len(words)) for one in sentence)])
            other = np.array([others.setdefault(one, len(others)) for one in translation])
            firsts.append(np.tile(own, len(other)))
            seconds.append(np.repeat(other, len(own)))
            places.append(np.repeat(np.arange(n_places, n_places + len(other)), len(own)))
            n_places += len(other)
        keys = np.concatenate(firsts) * len(others) + np.concatenate(seconds)
        distinct, pair = np.unique(keys, return_inverse=True)
        return cls(
            list(words),
            list(others),
            distinct // len(others),
            distinct % len(others),
            pair.astype(np.int64),
            np.concatenate(places),
        )

    def ibm1(self, iterations: int) -> NDArray[np.float64]:
        """Return t(f|e) of each pair of words."""
        t = np.ones(len(self.first))
        for _ in range(iterations):
            shares = t[self.pair]
            shares = shares / np.bincount(self.place, shares)[self.place]
            counts = np.bincount(self.pair, shares, len(self.first))
            t = counts / np.bincount(self.first, counts)[self.first]
        return t

    def dice(self, corpus: Sequence[tuple[list[str], list[str]]]) -> NDArray[np.float64]:
        """Return 2 n(e, f) / (n(e) + n(f)) of each pair of words."""
        both: Counter[tuple[str, str]] = Counter()
        own: Counter[str] = Counter()
        other: Counter[str] = Counter()
        for sentence, translation in corpus:
            own.update(set(sentence))
            other.update(set(translation))
            both.update((e, f) for e in set(sentence) for f in set(translation))
        found = np.zeros(len(self.first))
        for index, (e, f) in enumerate(zip(self.first.tolist(), self.second.tolist(), strict=True)):
            pair = self.words[e], self.others[f]
            found[index] = 2 * both[pair] / (own[pair[0]] + other[pair[1]])
        return found


def _lowered(text: str) -> list[str]:
    return [word.text.lower() for word in words_of(text)]


def _cased(translation: str, word: str) -> str:
    """Give a translation the capital letter that the word has."""
    return translation[:1].upper() + translation[1:] if word[:1].isupper() else translation


def _ordered(found: Mapping[str, list[Scored]]) -> dict[str, tuple[Scored, ...]]:
    """Return entries with the best translations first, the first of equal ones as they came."""
    return {
        word: tuple(sorted(translations, key=lambda one: -one[1])[:_MOST_TRANSLATIONS])
        for word, translations in found.items()
    }


def _score(file: SourceFile, number: int, text: str) -> float:
    try:
        score = float(text)
    except ValueError:
        score = -1.0
    if not 0 < score < float("inf"):
        raise file.error(
            number,
            expected="a score above 0",
            found=f"`{text[:40]}`",
            next_step="Mend the line, or leave the column of the scores out.",
        )
    return score


def _nothing(name: str, found: str) -> InputError:
    return InputError(
        expected="parallel text from which a dictionary can be induced",
        found=found,
        where=name or "parallel text",
        next_step="Give more parallel text, lower `least_score`, or name the file of a dictionary.",
    )
