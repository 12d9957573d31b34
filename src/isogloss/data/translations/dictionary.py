"""Word by word from a dictionary: a gloss, or a text in which some words are replaced."""

import hashlib
import random
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Annotated, ClassVar, Literal, final

from pydantic import Field

from isogloss.core import InputError, Language
from isogloss.data.readers import ClassifiedText, Question, TaggedSentence
from isogloss.data.translations.contract import (
    Example,
    Labels,
    Material,
    Provenance,
    Translations,
    Wanted,
)
from isogloss.data.translations.joining import Gathering
from isogloss.data.translations.lexicon import Lexicon, Method, induce_lexicon, read_lexicon
from isogloss.data.translations.words import translate_question, translate_words

Replace = Callable[[str], str]


@final
@dataclass(frozen=True)
class Dictionary:
    """Each word replaced by its best translation; unknown words stay as they are.

    A gloss is bad translation on purpose: order and agreement stay those of the source. It needs a
    dictionary only, so everything that reads translations runs without a translation system. Words
    stay one for one: tags go with their words, answers with the words that they cover.

    With `mode: code_switch` each word is replaced with probability `rate`, by a translation drawn
    among those that are listed (xTune's code-switching; the share that is really replaced is
    smaller, as unknown words stay).

    Attributes:
        folder: holds `{source}-{target}.txt` or `.tsv` for each pair of languages, or the pair the
            other way around; the layout of MUSE. Empty = a dictionary is induced from parallel
            training text of the study's data.
        parallel: kind of the parallel text, where one is induced.
        method: of induction; see `induce_lexicon`.
        iterations: of EM.
        least_score: induced translations below it are left out.
        most_pairs: of parallel text that are read.
        mode: "gloss" or "code_switch".
        rate: probability that a word is replaced in `code_switch`.
        seed: of the draws in `code_switch`.

    Reference:
        Zheng et al. 2021, Consistency Regularization for Cross-Lingual Fine-Tuning (xTune),
        https://arxiv.org/abs/2106.08226 (code-switching)
    """

    folder: str = ""
    parallel: str = "parallel"
    method: Method = "ibm1"
    iterations: Annotated[int, Field(ge=1, le=100)] = 5
    least_score: Annotated[float, Field(gt=0, le=1)] = 0.05
    most_pairs: Annotated[int, Field(ge=1, le=10**7)] = 20_000
    mode: Literal["gloss", "code_switch"] = "gloss"
    rate: Annotated[float, Field(ge=0, le=1)] = 0.5
    seed: Annotated[int, Field(ge=0, lt=2**31)] = 0

    name: ClassVar[str] = "dictionary"
    what: ClassVar[str] = "Word by word from a dictionary: a gloss or code-switching, no MT."

    def translate(
        self, examples: Sequence[Example], wanted: Wanted, material: Material
    ) -> Translations[Example]:
        """Return the examples word by word; none is skipped."""
        lexicon = self.lexicon(wanted.source, wanted.target, material)
        labels: Labels = "copied" if isinstance(examples[0], ClassifiedText) else "projected"
        way = "gloss" if self.mode == "gloss" else "code_switched"
        gathering = Gathering(wanted, Provenance(self.name, way, lexicon.name), labels)
        return gathering.gather(examples, lambda one: by_words(one, self._rule(lexicon, one)))

    def fingerprint(self, wanted: Wanted, material: Material) -> str:
        """Return the hash of the dictionary, or of the text that it is induced from."""
        if self.folder:
            path, _ = self._file(wanted.source, wanted.target)
            content = hashlib.sha256(path.read_bytes()).hexdigest()
        else:
            content = _parallel(self.parallel, wanted.source, wanted.target, material)
        return f"{replace(self, folder='')} {content}"

    def lexicon(self, source: Language, target: Language, material: Material) -> Lexicon:
        """Return the dictionary from one language to another.

        Raises:
            InputError: no file of the folder is for the two languages, or the data have no
                parallel training text of them.
        """
        if self.folder:
            path, turned = self._file(source, target)
            found = _read(path, path.stat().st_mtime_ns)
            return found.reversed() if turned else found
        content = _parallel(self.parallel, source, target, material)
        name = f"{self.method} of {self.parallel} {source}+{target}"
        asked = f"{self.method} {self.iterations} {self.least_score} {self.most_pairs} {source}"
        digest = hashlib.sha256(f"{asked} {target} {content}".encode()).hexdigest()
        path = None if material.cache is None else material.cache / f"lexicon.{digest[:16]}.tsv"
        if path is not None and path.is_file():
            return replace(_read(path, path.stat().st_mtime_ns), name=name)
        pairs = material.source.pairs(source, target, "train", kind=self.parallel)
        lexicon = induce_lexicon(
            pairs[: self.most_pairs],
            method=self.method,
            iterations=self.iterations,
            least_score=self.least_score,
            name=name,
        )
        if path is not None:
            lexicon.save(path)
        return lexicon

    def _rule(
        self, lexicon: Lexicon, example: ClassifiedText | TaggedSentence | Question
    ) -> Replace:
        """Return what replaces a word of an example."""
        if self.mode == "gloss":
            return lexicon.best
        draw = random.Random(f"{self.seed} {example.identifier}")
        return lambda word: switched([word], [lexicon], self.rate, draw)[0]

    def _file(self, source: Language, target: Language) -> tuple[Path, bool]:
        """Return the file of two languages, and whether it holds them the other way around."""
        folder = Path(self.folder)
        found: dict[tuple[Language, Language], Path] = {}
        for path in sorted(folder.glob("*.t[xs][tv]")) if folder.is_dir() else ():
            codes = path.stem.split("-")
            try:
                first, second = map(Language.parse, codes)
            except ValueError:
                continue  # some other file of the folder
            found[first, second] = path
        for turned, pair in enumerate(((source, target), (target, source))):
            if pair in found:
                return found[pair], bool(turned)
        there = ", ".join(path.name for path in found.values())
        raise InputError(
            expected=f"a dictionary of {source} and {target}: `{{source}}-{{target}}.txt`",
            found=there or ("no dictionary" if folder.is_dir() else "no such folder"),
            where=f"{folder}, `translations.folder`",
            next_step="Add the file, or leave `folder` out to induce one from parallel text.",
        )


def by_words(example: Example, rule: Replace) -> Example:
    """Return an example with every word replaced by a rule, its labels with it."""
    if isinstance(example, TaggedSentence):
        return replace(example, tokens=tuple(rule(token) for token in example.tokens))
    if isinstance(example, Question):
        return translate_question(example, rule)
    pair = None if example.pair is None else translate_words(example.pair, rule)[0]
    return replace(example, text=translate_words(example.text, rule)[0], pair=pair)


def switched(
    words: Sequence[str],
    lexicons: Sequence[Lexicon],
    rate: float,
    draw: random.Random,
    keep: Collection[int] = (),
) -> list[str]:
    """Return words of which some are replaced by a translation (xTune's code-switching).

    Each word, with probability `rate`: draw one of the dictionaries, each as likely; where it lists
    the word, take one of its translations, each as likely; else the word stays.

    Args:
        words: of one text.
        lexicons: one for each language that words may be switched to.
        rate: probability that a dictionary is asked.
        draw: source of randomness; the same state gives the same words.
        keep: places of words that are never replaced, such as those of an answer.
    """
    result = list(words)
    for place, word in enumerate(words):
        if place in keep or draw.random() >= rate:
            continue
        found = draw.choice(lexicons).all(word)
        if found:
            result[place] = draw.choice(found)
    return result


@lru_cache(maxsize=64)
def _read(path: Path, changed: int) -> Lexicon:
    """Read a dictionary once; `changed` is when its file was written."""
    return read_lexicon(path)


def _parallel(kind: str, source: Language, target: Language, material: Material) -> str:
    """Return the hash of the parallel training text of two languages.

    Raises:
        InputError: there is none.
    """
    wanted = {source, target}
    units = [unit for unit in material.source.units() if unit.kind == kind]
    if any(set(unit.languages) == wanted and unit.split == "train" for unit in units):
        sides = (material.source.fingerprint(kind, one, "train") for one in (source, target))
        return " ".join(sides)
    there = sorted({"+".join(map(str, one.languages)) for one in units if one.split == "train"})
    raise InputError(
        expected=f"{kind} training text of {source} and {target}, to induce a dictionary from",
        found=f"{kind} training text of {', '.join(there) or 'no languages'}",
        where=f"{material.source.where}, `translations`",
        next_step="Add the text, name a `folder` of dictionaries, or leave the language out.",
    )
